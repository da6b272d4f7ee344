"""Addresses of the release pages."""

from django.urls import path

from delivery.views import releases, shipping

urlpatterns = [
    path("", releases.release_board, name="releases"),
    path("new/", shipping.new_release, name="release-new"),
    path("<int:release_id>/", releases.release_page, name="release"),
    path("<int:release_id>/numbers/", releases.release_numbers, name="release-numbers"),
    path("<int:release_id>/roll-back/", releases.roll_back, name="release-roll-back"),
    path("<int:release_id>/share/", releases.change_share, name="release-share"),
    path("<int:release_id>/switch/", releases.switch, name="release-switch"),
]
