FROM python:3.12-slim AS packages
COPY requirements.lock .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.lock

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=loyalty_project.settings
RUN useradd --system --create-home --uid 10001 wafa
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# Neither value is kept: they let the settings load, and nothing connects.
RUN SECRET_KEY=for-this-step DATABASE_URL=postgres://none@none/none python manage.py collectstatic --noinput \
 && mkdir -p var/files && chown -R wafa var/files
USER wafa
EXPOSE 8000
CMD ["gunicorn", "django.core.wsgi:get_wsgi_application()", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60", \
     "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
