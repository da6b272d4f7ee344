"""The rule builder: an audience as rows of a form, without JSON and without script."""

from flags.forms.builder import RuleBuilder

__all__ = ["RuleBuilder"]
