"""Doors of the vote: the consoles under ballots/, the voter's own pages under b/."""

from django.urls import path

from reviews.ballot import paper_views, views, voter
from reviews.ballot.ceremony import views as ceremony

app_name = "ballot"
urlpatterns = [
    path("b/", voter.vote, name="vote"),
    path("b/sheet/", voter.sheet, name="sheet"),
    path("b/cast/", voter.cast, name="cast"),
    path("b/receipt/", voter.receipt, name="receipt"),
    path("ballots/<int:pk>/", views.console, name="console"),
    path("ballots/<int:pk>/custody/", views.custody, name="custody"),
    path("ballots/<int:pk>/prepare/", views.prepare, name="prepare"),
    path("ballots/<int:pk>/back/", views.back_to_meeting, name="back"),
    path("ballots/round/<int:pk>/", views.round_page, name="round"),
    path("ballots/round/<int:pk>/turnout/", views.turnout, name="turnout"),
    path("ballots/round/<int:pk>/keys/", views.keys, name="keys"),
    path("ballots/round/<int:pk>/slips/", views.ask_slips, name="ask_slips"),
    path("ballots/round/<int:pk>/supplement/", views.ask_supplement, name="ask_supplement"),
    path("ballots/round/<int:pk>/cosign/", views.cosign, name="cosign"),
    path("ballots/batch/<int:pk>/print/", views.print_slips, name="print_slips"),
    path("ballots/batch/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("ballots/round/<int:pk>/open/", views.open_voting, name="open"),
    path("ballots/round/<int:pk>/close/", views.close_voting, name="close"),
    path("ballots/round/<int:pk>/opening/", ceremony.ceremony, name="ceremony"),
    path("ballots/round/<int:pk>/opening/scene/", ceremony.scene, name="scene"),
    path("ballots/round/<int:pk>/opening/key/", ceremony.turn_key, name="turn_key"),
    path("ballots/round/<int:pk>/opening/start/", ceremony.open_by_two, name="open_by_two"),
    path("ballots/round/<int:pk>/unseal/", ceremony.unseal, name="unseal"),
    path("ballots/round/<int:pk>/grading/", views.go_on, name="go_on"),
    path("ballots/round/<int:pk>/forgive/", views.forgive, name="forgive"),
    path("ballots/round/<int:pk>/void/", views.void, name="void"),
    path("ballots/round/<int:pk>/discard/", views.discard, name="discard"),
    path("ballots/round/<int:pk>/receipts/", views.receipts, name="receipts"),
    path("ballots/round/<int:pk>/recount/", views.recount, name="recount"),
    path("ballots/round/<int:pk>/package/", views.package, name="package"),
    path("ballots/round/<int:pk>/paper/", paper_views.table, name="paper"),
    path("ballots/paper/<int:pk>/", paper_views.key, name="paper_key"),
    path("ballots/paper/<int:pk>/finish/", paper_views.finish, name="paper_finish"),
    path("ballots/paper/<int:pk>/check/", paper_views.check, name="paper_check"),
    path("ballots/paper/<int:pk>/accept/", paper_views.accept, name="paper_accept"),
    path("ballots/paper/<int:pk>/return/", paper_views.send_back, name="paper_return"),
]
