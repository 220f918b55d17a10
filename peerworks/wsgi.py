"""The web application for gunicorn: `gunicorn peerworks.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerworks.settings")

application = get_wsgi_application()
