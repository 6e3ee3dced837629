"""Who may open which door: the expected table. One row a URL name; an URL without a row fails the test.

Row(kind, get, post): ``kind`` is the thing whose key stands in the URL, ``get`` and ``post`` the duties that are
let in over their own organization and those below it; None = the method is not offered. The secretary is let in
to his own things only. Everything that is not named is refused.
"""

from dataclasses import dataclass

from organizations.models import Role

EVERYONE = frozenset({*Role.values, "secretary", "stranger"})
PUBLIC = EVERYONE | {"anonymous"}

ORGANIZER = frozenset({Role.ORGANIZER})
APPROVER = frozenset({Role.APPROVER})
SECRETARY = frozenset({"secretary"})
SUPERVISOR = frozenset({Role.SUPERVISOR})
READING = frozenset({Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR})
BUSINESS = frozenset(set(Role.values) - {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})
KEEPERS = frozenset({Role.ORGANIZER, Role.SYS_ADMIN})  # of the tree and its people
TREE = READING | {Role.SYS_ADMIN}
SYS_ADMIN = frozenset({Role.SYS_ADMIN})
SEC_ADMIN = frozenset({Role.SEC_ADMIN})
LEDGER = READING | {Role.VETTER, Role.LEADER, "secretary"}
FLOOR = READING | {Role.LEADER}
COMMENTING = frozenset({Role.LEADER, Role.ORGANIZER})
WATCHING = READING | {Role.CUSTODIAN, Role.TELLER, Role.SCRUTINEER}
UNSEALING = frozenset({Role.CUSTODIAN, Role.ORGANIZER})
JUDGES = frozenset({Role.ORGANIZER, Role.APPROVER})
VETTERS = frozenset({Role.VETTER, Role.APPROVER})
TELLER = frozenset({Role.TELLER})
SCRUTINEER = frozenset({Role.SCRUTINEER})
AT_THE_TABLE = TELLER | SCRUTINEER | ORGANIZER | SUPERVISOR
OBJECTIONS = JUDGES | {Role.VETTER, Role.LEADER, Role.SUPERVISOR}
VISITORS = JUDGES | {Role.LEADER}


@dataclass(frozen=True)
class Row:
    """What is expected of one URL."""

    kind: str  # "" = no key; "mine" = a thing of the person's own
    get: frozenset | None
    post: frozenset | None


TABLE = {
    "desk:workbench": Row("", EVERYONE, None),
    "desk:overview": Row("campaign", BUSINESS | SECRETARY, None),
    "desk:reminders": Row("campaign", READING, None),
    "desk:remind": Row("campaign", JUDGES, None),
    "desk:remind_preview": Row("campaign", None, JUDGES),
    "desk:remind_send": Row("campaign", None, JUDGES),
    "desk:my_history": Row("", SECRETARY, None),
    "desk:person_history": Row("person", READING | SECRETARY, None),
    "desk:organization_history": Row("organization", READING, None),
    "desk:reminder_seen": Row("reminder", None, SECRETARY),  # its recipient
    # the ground floor
    "organizations:login": Row("", PUBLIC, PUBLIC),
    "organizations:logout": Row("", None, EVERYONE),  # ends on the login page
    "organizations:password": Row("", EVERYONE, EVERYONE),
    "organizations:tree": Row("", TREE, None),
    "organizations:detail": Row("organization", TREE, None),
    "organizations:children": Row("organization", TREE, None),
    "organizations:add": Row("organization", KEEPERS, KEEPERS),
    "organizations:change": Row("organization", KEEPERS, KEEPERS),
    "organizations:move": Row("organization", KEEPERS, KEEPERS),
    "organizations:close": Row("organization", KEEPERS, KEEPERS),
    "organizations:appoint": Row("organization", KEEPERS, KEEPERS),
    "organizations:end_appointment": Row("appointment", KEEPERS, KEEPERS),
    "organizations:people": Row("", TREE, None),
    "organizations:person": Row("person", TREE | SEC_ADMIN, None),
    "organizations:accounts": Row("", SYS_ADMIN, None),
    "organizations:create_account": Row("", SYS_ADMIN, SYS_ADMIN),
    "organizations:reset_password": Row("person", None, SYS_ADMIN),
    "organizations:disable_account": Row("person", None, SYS_ADMIN),
    "organizations:roles": Row("", SEC_ADMIN, SEC_ADMIN),
    "organizations:revoke": Row("grant", None, SEC_ADMIN),
    "organizations:trail": Row("", frozenset({Role.AUDIT_ADMIN, Role.SUPERVISOR}), None),
    "organizations:import": Row("", KEEPERS, KEEPERS),
    "organizations:import_file": Row("upload", KEEPERS, None),
    "organizations:import_columns": Row("upload", None, KEEPERS),
    "organizations:import_apply": Row("upload", None, KEEPERS),
    "organizations:import_errors": Row("upload", KEEPERS, None),
    "organizations:jobs": Row("", EVERYONE, None),
    "organizations:job": Row("job", EVERYONE, None),
    "organizations:job_file": Row("job", EVERYONE, None),
    "organizations:job_cancel": Row("job", None, EVERYONE),
    "organizations:job_retry": Row("job", None, EVERYONE),
    # plan
    "plan:list": Row("", BUSINESS | SECRETARY, None),
    "plan:create": Row("", ORGANIZER, ORGANIZER),
    "plan:edit": Row("campaign", READING, ORGANIZER),
    "plan:content": Row("campaign", READING, ORGANIZER),
    "report:limits": Row("campaign", READING, ORGANIZER),
    "plan:panels": Row("campaign", READING, ORGANIZER),
    "plan:policy": Row("campaign", READING, ORGANIZER),
    "plan:policy_try": Row("campaign", None, ORGANIZER),  # reckons, saves nothing
    "plan:policy_versions": Row("campaign", READING, None),
    "grade:trial": Row("campaign", JUDGES | SUPERVISOR, JUDGES | SUPERVISOR),  # POST reckons, saves nothing
    "plan:method": Row("campaign", BUSINESS | SECRETARY, None),
    "plan:reviews": Row("campaign", READING, None),
    "plan:pick": Row("campaign", None, ORGANIZER),
    "plan:arrange": Row("campaign", None, ORGANIZER),
    "plan:remove": Row("review", None, ORGANIZER),
    "plan:preview": Row("campaign", BUSINESS | SECRETARY, None),
    "plan:move": Row("campaign", READING, ORGANIZER),
    # ledger
    "ledger:list": Row("", LEDGER, None),
    "ledger:detail": Row("problem", LEDGER, None),
    "ledger:claim": Row("problem", SECRETARY, SECRETARY),
    "ledger:progress": Row("problem", SECRETARY, SECRETARY),
    "ledger:request_closing": Row("problem", SECRETARY, SECRETARY),
    "ledger:judge": Row("problem", JUDGES, JUDGES),
    "ledger:reopen": Row("problem", JUDGES, JUDGES),
    "ledger:withdraw": Row("problem", ORGANIZER, ORGANIZER),
    "ledger:link": Row("problem", ORGANIZER, ORGANIZER),
    "ledger:evidence": Row("progress", LEDGER, None),
    "ledger:of_review": Row("review", LEDGER, None),
    "ledger:add": Row("review", ORGANIZER, ORGANIZER),
    # visit
    "visit:list": Row("", LEDGER, None),
    "visit:write": Row("", VISITORS, VISITORS),
    "visit:organizations": Row("", VISITORS, None),
    "visit:detail": Row("visit", LEDGER - SECRETARY, None),
    "visit:change": Row("visit", frozenset({Role.LEADER}), frozenset({Role.LEADER})),  # its author
    "visit:withdraw": Row("visit", frozenset({Role.LEADER}) | ORGANIZER, frozenset({Role.LEADER}) | ORGANIZER),
    "visit:share": Row("visit", None, VISITORS),
    "visit:follow_up": Row("visit", None, VISITORS),
    "visit:list_problem": Row("visit", None, VISITORS),
    "visit:photo": Row("photo", LEDGER - SECRETARY, None),
    "visit:thumbnail": Row("photo", LEDGER - SECRETARY, None),
    "visit:of_review": Row("review", LEDGER, None),
    "visit:contacts": Row("", LEDGER - SECRETARY, None),
    "visit:set_contact": Row("", None, ORGANIZER),
    "visit:import_contacts": Row("", ORGANIZER, ORGANIZER),  # GET goes back to visit:contacts
    "visit:remove_contact": Row("contact", None, ORGANIZER),
    # report
    "report:write": Row("review", SECRETARY, SECRETARY),
    "report:check": Row("review", None, SECRETARY),
    "report:autosave": Row("review", None, SECRETARY),
    "report:submit": Row("review", None, SECRETARY),
    "report:compose": Row("review", None, SECRETARY),
    "report:answer": Row("review", SECRETARY, SECRETARY),
    "report:items": Row("review", SECRETARY, None),
    "report:anchor": Row("review", None, SECRETARY),
    "report:attach": Row("review", SECRETARY, SECRETARY),
    "report:attachment": Row("attachment", LEDGER - {Role.LEADER}, None),
    "report:detach": Row("attachment", None, SECRETARY),
    "report:annex": Row("review", SECRETARY, SECRETARY),
    "report:upload": Row("review", SECRETARY, SECRETARY),
    "report:take": Row("review", None, SECRETARY),
    "report:read": Row("report", LEDGER, None),
    "report:docx": Row("report", LEDGER, None),
    "report:versions": Row("report", LEDGER - {Role.LEADER}, None),
    "report:version": Row("version", LEDGER - {Role.LEADER}, None),
    "report:compare": Row("report", LEDGER - {Role.LEADER}, None),
    "report:restore": Row("version", None, SECRETARY),
    "report:copied": Row("report", LEDGER - {Role.LEADER}, None),
    "report:vet": Row("report", frozenset({Role.VETTER, Role.APPROVER}), frozenset({Role.VETTER, Role.APPROVER})),
    "report:vet_list": Row("campaign", READING | {Role.VETTER}, None),
    "report:remark": Row("report", None, VETTERS),
    "report:drop_remark": Row("remark", None, VETTERS),
    "report:settle_remark": Row("remark", None, VETTERS),
    "report:reply_remark": Row("remark", None, SECRETARY),
    "report:recall": Row("report", None, SECRETARY),
    "report:reopen": Row("report", None, VETTERS),
    "report:opinions": Row("campaign", VETTERS | ORGANIZER, VETTERS | ORGANIZER),
    "report:extend": Row("campaign", JUDGES, JUDGES),
    "report:withdraw_extension": Row("extension", None, JUDGES),
    "report:publish": Row("report", JUDGES, JUDGES),
    "report:publish_many": Row("campaign", JUDGES, JUDGES),
    "report:published": Row("", EVERYONE, None),
    "report:publication": Row("publication", READING | SECRETARY, None),
    "report:withdraw_publication": Row("publication", None, JUDGES),
    # meeting
    "meeting:console": Row("campaign", FLOOR, None),
    "meeting:open": Row("campaign", None, ORGANIZER),
    "meeting:floor": Row("campaign", FLOOR, None),
    "meeting:agenda": Row("campaign", None, ORGANIZER),
    "meeting:order": Row("campaign", ORGANIZER, ORGANIZER),
    "meeting:attendance": Row("campaign", None, ORGANIZER),
    "meeting:chair": Row("campaign", None, ORGANIZER),
    "meeting:end": Row("campaign", None, ORGANIZER),
    "meeting:hall": Row("campaign", FLOOR, None),
    "meeting:hall_state": Row("campaign", FLOOR, None),
    "meeting:minutes": Row("campaign", FLOOR, None),
    "meeting:minutes_edit": Row("campaign", ORGANIZER, ORGANIZER),
    "meeting:minutes_autosave": Row("campaign", None, ORGANIZER),
    "meeting:minutes_sign": Row("campaign", None, APPROVER | {Role.LEADER}),
    "meeting:minutes_reopen": Row("campaign", None, APPROVER),
    "meeting:happening": Row("campaign", None, ORGANIZER),
    "meeting:prepare": Row("campaign", FLOOR, None),
    "meeting:script": Row("campaign", ORGANIZER, ORGANIZER),
    "meeting:script_save": Row("campaign", None, ORGANIZER),
    "meeting:turn": Row("turn", None, ORGANIZER),
    "meeting:comment": Row("review", COMMENTING, COMMENTING),
    "meeting:draft": Row("review", None, COMMENTING),
    "meeting:comments": Row("campaign", FLOOR, None),
    "meeting:release_all": Row("campaign", None, ORGANIZER),  # and the chair, a leader: tests of the release
    "meeting:release": Row("review", None, ORGANIZER),
    "meeting:told_me": Row("review", SECRETARY, None),
    "meeting:reword": Row("comment", ORGANIZER, ORGANIZER),
    "meeting:withhold": Row("comment", None, ORGANIZER),  # the chair alone, told to the organizer in words
    "meeting:sort": Row("point", None, ORGANIZER),
    "meeting:points": Row("", None, COMMENTING),
    # ballot: the voter's pages open for anybody; what they show depends on the slip
    "ballot:vote": Row("", PUBLIC, None),
    "ballot:sheet": Row("", PUBLIC, PUBLIC),  # GET goes back to ballot:vote
    "ballot:cast": Row("", PUBLIC, PUBLIC),
    "ballot:receipt": Row("", PUBLIC, PUBLIC),
    "ballot:console": Row("campaign", WATCHING, None),
    "ballot:custody": Row("campaign", UNSEALING, None),
    "ballot:prepare": Row("campaign", None, ORGANIZER),
    "ballot:back": Row("campaign", None, ORGANIZER),
    "ballot:round": Row("round", WATCHING, None),
    "ballot:turnout": Row("round", WATCHING, None),
    "ballot:keys": Row("round", None, ORGANIZER),
    "ballot:ask_slips": Row("round", None, ORGANIZER),
    "ballot:ask_supplement": Row("round", None, ORGANIZER),
    "ballot:cosign": Row("round", None, SUPERVISOR),
    "ballot:print_slips": Row("batch", None, ORGANIZER),
    "ballot:take_back": Row("batch", None, ORGANIZER),
    "ballot:open": Row("round", None, ORGANIZER),
    "ballot:close": Row("round", None, ORGANIZER),
    "ballot:ceremony": Row("closed round", WATCHING, None),
    "ballot:scene": Row("closed round", WATCHING, None),
    "ballot:turn_key": Row("closed round", None, frozenset({Role.CUSTODIAN})),
    "ballot:open_by_two": Row("closed round", None, frozenset({Role.CUSTODIAN})),
    "ballot:unseal": Row("round", None, UNSEALING),
    "ballot:go_on": Row("round", None, UNSEALING),
    "ballot:forgive": Row("round", None, APPROVER),
    "ballot:void": Row("round", None, ORGANIZER),
    "ballot:discard": Row("round", None, ORGANIZER),
    "ballot:receipts": Row("closed round", WATCHING, None),
    "ballot:recount": Row("closed round", READING - {Role.SUPERIOR}, None),
    "ballot:package": Row("closed round", READING - {Role.SUPERIOR}, None),
    "ballot:paper": Row("round", AT_THE_TABLE, TELLER),
    "ballot:paper_key": Row("paper", TELLER, TELLER),
    "ballot:paper_finish": Row("paper", None, TELLER),
    "ballot:paper_check": Row("paper", SCRUTINEER, SCRUTINEER),
    "ballot:paper_accept": Row("paper", None, SCRUTINEER),
    "ballot:paper_return": Row("paper", None, SCRUTINEER),
    # grade
    "grade:table": Row("campaign", READING, None),
    "grade:suggest": Row("campaign", None, ORGANIZER),
    "grade:propose": Row("campaign", None, ORGANIZER),
    "grade:approve": Row("campaign", APPROVER, APPROVER),
    "grade:health": Row("campaign", READING, None),
    "grade:scores": Row("campaign", READING, ORGANIZER),
    "grade:score_confirm": Row("scores", None, APPROVER),
    "grade:score_withdraw": Row("scores", None, JUDGES),
    "grade:publish": Row("campaign", READING, APPROVER),
    "grade:publish_withdraw": Row("campaign", None, APPROVER),
    "grade:notice": Row("campaign", SECRETARY, None),
    "grade:fact_paper": Row("fact", READING - {Role.SUPERIOR}, None),
    "grade:package": Row("campaign", READING - {Role.SUPERIOR}, None),
    "grade:letters": Row("campaign", READING - {Role.SUPERIOR}, ORGANIZER),
    "grade:why": Row("review", READING | SECRETARY, None),
    "grade:draft": Row("review", JUDGES, None),
    "grade:opinion": Row("review", JUDGES, ORGANIZER),
    "grade:fact_add": Row("review", ORGANIZER, ORGANIZER),
    "grade:fact_confirm": Row("fact", None, APPROVER),
    "grade:fact_withdraw": Row("fact", None, JUDGES),
    "grade:letter": Row("review", SECRETARY, None),
    "grade:sign": Row("review", None, SECRETARY),
    "grade:letter_preview": Row("campaign", READING - {Role.SUPERIOR}, None),
    # objections: handled by others than before
    "grade:objection": Row("review", SECRETARY, SECRETARY),
    "grade:objection_withdraw": Row("objection", None, SECRETARY),
    "grade:objection_sign": Row("objection", None, SECRETARY),
    "grade:allow_late": Row("review", APPROVER, APPROVER),
    "grade:objections": Row("campaign", OBJECTIONS, None),
    "grade:handle_objection": Row("objection", OBJECTIONS, None),
    "grade:objection_acknowledge": Row("objection", None, ORGANIZER),
    "grade:objection_review": Row("objection", None, ORGANIZER | {Role.VETTER}),
    "grade:objection_return": Row("objection", None, APPROVER | {Role.LEADER}),
    "grade:objection_approve": Row("objection", None, APPROVER | {Role.LEADER}),
    # what follows from the grades
    "grade:consequences": Row("campaign", FLOOR - {Role.SUPERIOR}, None),
    "grade:consequence": Row("consequence", (READING - {Role.SUPERIOR}) | SECRETARY, None),
    "grade:consequence_file": Row("consequence", (READING - {Role.SUPERIOR}) | SECRETARY, None),
    "grade:consequence_assign": Row("consequence", None, ORGANIZER),
    "grade:consequence_proof": Row("consequence", None, ORGANIZER),
    "grade:consequence_talk": Row("consequence", None, ORGANIZER),
    "grade:consequence_record": Row("consequence", None, ORGANIZER),
    "grade:consequence_sign": Row("consequence", None, SECRETARY),
    "grade:consequence_settle": Row("consequence", None, APPROVER),
    # documents
    "documents:index": Row("campaign", JUDGES, None),
    "documents:make": Row("campaign", None, JUDGES),
    "documents:minutes": Row("campaign", None, FLOOR),
    "documents:visits": Row("", None, LEDGER - SECRETARY),
    "documents:objection_answer": Row("objection", None, OBJECTIONS | SECRETARY),
    "documents:why": Row("review", None, READING | SECRETARY),
    "documents:talk_notice": Row("consequence", None, (READING - {Role.SUPERIOR}) | SECRETARY),
    "documents:talk_record": Row("consequence", None, (READING - {Role.SUPERIOR}) | SECRETARY),
    "documents:own_letter": Row("review", None, SECRETARY),
    "documents:paper_ballots": Row("batch", None, ORGANIZER),
    "documents:tally_sheet": Row("closed round", None, (READING - {Role.SUPERIOR}) | SCRUTINEER),
}
