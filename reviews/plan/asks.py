"""PURE: the numbers that the source plan asks of a report (part three, step two), for the plan and for its checks.

They stand here and not with the checks, for the plan prints them and lies below the reports.
"""

REPORT_ASKS = {
    "max_chars": 2500,  # characters that are not blank
    "problem_share_min_bp": 2800,  # of the body, in basis points
    "problem_share_max_bp": 4500,
    "self_evaluation_chars": 150,
}
