from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

from learningops.celery import app as celery_app

__all__ = ["AdminConfig", "LearningOpsConfig", "celery_app"]  # every process that runs Django has the queue


class LearningOpsConfig(AppConfig):
    name = "learningops"


class AdminConfig(DjangoAdminConfig):
    default_site = "learningops.admin.Site"
