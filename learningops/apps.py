from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class LearningOpsConfig(AppConfig):
    name = "learningops"


class AdminConfig(DjangoAdminConfig):
    default_site = "learningops.admin.Site"
