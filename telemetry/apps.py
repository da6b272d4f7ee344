from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    name = "telemetry"

    def ready(self) -> None:
        from assets.panels import register_panel
        from telemetry.panels import insights_panel

        register_panel("telemetry.insights", 60, insights_panel)
