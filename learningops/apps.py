from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

from learningops.celery import app as celery_app

__all__ = ["AdminConfig", "LearningOpsConfig", "celery_app"]  # every process that runs Django has the queue


class LearningOpsConfig(AppConfig):
    name = "learningops"

    def ready(self) -> None:
        """Take the schedule's pages out of the admin: they would change what runs without a record."""
        from django_celery_beat import admin as beat  # its models are not there before

        admin.site.unregister(
            [beat.PeriodicTask, beat.IntervalSchedule, beat.CrontabSchedule, beat.SolarSchedule, beat.ClockedSchedule]
        )


class AdminConfig(DjangoAdminConfig):
    default_site = "learningops.admin.Site"
