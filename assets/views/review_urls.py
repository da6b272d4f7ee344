"""Addresses of the review queue."""

from django.urls import path

from assets.views import review, review_suggestion

urlpatterns = [
    path("", review.queue, name="review"),
    path("yours/", review.yours, name="suggestions-yours"),
    path("preview/", review_suggestion.preview, name="suggestion-preview"),
    path("flags/<int:asset_id>/", review.flags, name="review-flags"),
    path("<int:suggestion_id>/", review_suggestion.suggestion, name="suggestion"),
    path("<int:suggestion_id>/change/", review_suggestion.change, name="suggestion-change"),
]
