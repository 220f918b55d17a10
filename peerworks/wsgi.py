"""The web application for gunicorn: `gunicorn peerworks.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerworks.settings")

application = get_wsgi_application()

from peerworks.home.starting import refuse_wrong_start  # noqa: E402 - needs the apps

refuse_wrong_start()
