from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"

    def ready(self) -> None:
        from assets.panels import register_panel
        from delivery.panels import email_preview, releases_panel, slack_preview

        register_panel("delivery.releases", 20, releases_panel)
        register_panel("delivery.email", 30, email_preview, preview="email", label=_("Email"))
        register_panel("delivery.slack", 40, slack_preview, preview="slack", label=_("Slack"))
