"""试算: any policy on figures that exist or are made up. Reckons and shows; writes nothing."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from organizations.access import holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.grade import permissions
from reviews.grade.trial import queries
from reviews.grade.trial.forms import EDITED, LAST, OWN, TYPED, TrialForm
from reviews.grade.trial.pasted import read_pasted
from reviews.grade.trial.trying import fitted, try_policy
from reviews.plan.models import Campaign
from reviews.plan.policy_form import PolicyForm
from reviews.plan.policy_queries import Start, start_of, starts_for
from scoring.differences import differences
from scoring.policy import Policy
from scoring.strict import Malformed

MOST_FAULTS = 20


@open_to(Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose rules and figures; see who changes, why, and where the quota line falls."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    campaign = get_object_or_404(campaigns, pk=pk)
    if not holds_any(request.user, permissions.DECIDING, campaign.organizer):
        raise PermissionDenied
    last = queries.last_campaign(campaign, request.user)
    asked = request.POST if request.method == "POST" else None
    rules, figures = starts_for(campaign, request.user), _figures_offered(campaign, last, request)
    form = TrialForm(asked, rules=rules, figures=figures, words=campaign.grade_words)
    chosen = (asked or {}).get("trial_rules", "")
    source = (asked or {}).get("from", "") if chosen == EDITED else chosen  # what the fields were filled from
    start = start_of(campaign, source, person=request.user)
    policy_form = PolicyForm(asked if chosen == EDITED else None, policy=start.policy, stored=campaign.policy)
    context = {
        "campaign": campaign,
        "form": form,
        "policy_form": policy_form,
        "is_edited": chosen == EDITED,
        "chosen": chosen,
        "source": source,
    }
    status = 200
    if asked is not None and asked.get("trial_figures"):
        context |= _tried(campaign, last, start, form, policy_form, request)
        status = 422 if context["faults"] else 200
    return render(request, "reviews/grade/trial.html", context, status=status)


def _figures_offered(campaign: Campaign, last: Campaign | None, request: HttpRequest) -> list[tuple[str, str]]:
    offered = [(TYPED, "填入的数据（在下面粘贴或填写）")]
    if last is not None:
        offered.append((LAST, f"上次的票数：{last}"))
    if queries.is_counted(campaign) and permissions.may_see_results(request.user, campaign):
        offered.append((OWN, "本活动的票数"))
    return offered


def _tried(
    campaign: Campaign, last: Campaign | None, start: Start, form: TrialForm, policy_form: PolicyForm, request
) -> dict:
    """What the trial says, or the faults for which it says nothing."""
    if policy_form.is_bound and not policy_form.is_valid():
        return {"faults": ["规则填写有误，请按下面的提示改正后再试算。"]}
    wanted: Policy = policy_form.shown
    if not form.is_valid():
        return {"faults": [str(error) for errors in form.errors.values() for error in errors]}
    try:
        figures, faults = _figures(campaign, last, start, form, request)
        if faults:
            more = len(faults) - MOST_FAULTS
            return {"faults": faults[:MOST_FAULTS] + ([f"还有 {more} 处。"] if more > 0 else [])}
        own, _ = fitted(figures.own, figures.codes, figures.own)
        policy, notes = fitted(wanted, figures.codes, figures.own)
        tried = try_policy(figures.standings, own, policy)
    except (Refused, Malformed) as refused:
        return {"faults": [str(refused)]}
    return {
        "faults": [],
        "trial": tried,
        "notes": notes,
        "lines": [(figures.names.get(line.id, line.id), line) for line in tried.lines],
        "left_out": figures.left_out,
        "differences": differences(own, policy),
        "figures": form.cleaned_data["trial_figures"],
    }


def _figures(campaign: Campaign, last: Campaign | None, start: Start, form: TrialForm, request):
    """The figures asked for, and what is wrong with typed ones."""
    match form.cleaned_data["trial_figures"]:
        case "last":
            return queries.votes_of(last, request.user), []
        case "own":
            return queries.votes_of(campaign, request.user), []
    read = read_pasted(form.text, campaign.grade_words)
    return (queries.typed(read.reviews, start.held) if not read.faults else None), read.faults
