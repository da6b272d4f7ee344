"""The queue. Everything is configured in settings, by names that begin with CELERY_."""

import os

from celery import Celery
from celery.signals import heartbeat_sent, task_prerun, worker_ready, worker_shutdown
from django.db import close_old_connections

from learningops import heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learningops.settings")

app = Celery("learningops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

task_prerun.connect(close_old_connections, weak=False)  # a connection that broke is made anew
worker_ready.connect(heartbeat.beat, weak=False)
heartbeat_sent.connect(heartbeat.beat, weak=False)
worker_shutdown.connect(heartbeat.rest, weak=False)
