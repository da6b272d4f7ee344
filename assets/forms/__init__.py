"""Forms of the library that other rooms show too."""

from assets.forms.review import CommentForm, ReviewFlagForm, SuggestionForm

__all__ = ["CommentForm", "ReviewFlagForm", "SuggestionForm"]
