"""Doors of the ground floor: login, tree, people, roles, trail, jobs."""

from django.urls import path

from organizations.views import consoles, jobs, login, people, roster, tree

app_name = "organizations"
urlpatterns = [
    path("login/", login.log_in, name="login"),
    path("logout/", login.log_out, name="logout"),
    path("password/", login.password, name="password"),
    path("organizations/", tree.tree, name="tree"),
    path("organizations/import/", roster.upload, name="import"),
    path("organizations/import/<int:pk>/", roster.look, name="import_file"),
    path("organizations/import/<int:pk>/columns/", roster.columns, name="import_columns"),
    path("organizations/import/<int:pk>/apply/", roster.apply, name="import_apply"),
    path("organizations/import/<int:pk>/errors/", roster.errors, name="import_errors"),
    path("organizations/<int:pk>/", tree.detail, name="detail"),
    path("organizations/<int:pk>/children/", tree.children, name="children"),
    path("organizations/<int:pk>/add/", tree.add, name="add"),
    path("organizations/<int:pk>/change/", tree.change, name="change"),
    path("organizations/<int:pk>/move/", tree.move, name="move"),
    path("organizations/<int:pk>/close/", tree.close, name="close"),
    path("organizations/<int:pk>/appoint/", tree.appoint, name="appoint"),
    path("appointments/<int:pk>/end/", tree.end_appointment, name="end_appointment"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/reset/", people.reset_password, name="reset_password"),
    path("people/<int:pk>/disable/", people.disable_account, name="disable_account"),
    path("accounts/", people.account_list, name="accounts"),
    path("accounts/new/", people.create_account, name="create_account"),
    path("roles/", consoles.roles, name="roles"),
    path("roles/<int:pk>/revoke/", consoles.revoke, name="revoke"),
    path("trail/", consoles.trail_page, name="trail"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job_file"),
    path("jobs/<int:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<int:pk>/retry/", jobs.job_retry, name="job_retry"),
]
