"""The queue. Everything is configured in settings, by names that begin with CELERY_."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learningops.settings")

app = Celery("learningops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
