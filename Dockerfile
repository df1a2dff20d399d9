# The production image: web, worker and beat run from it. See docker-compose.yml.
FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional
COPY static static
RUN npm run build

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 healthcheck
WORKDIR /app
# 1: also what sends errors and traces to services of yours
ARG OBSERVING=
COPY requirements/run.txt requirements/observing.txt requirements/
RUN pip install --no-cache-dir --no-deps --only-binary=:all: --require-hashes \
    -r requirements/$([ -n "$OBSERVING" ] && echo observing || echo run).txt
COPY . .
COPY --from=assets /app/static/dist static/dist
# The key of the build is not the key of the service: compose asks for that one.
RUN SECRET_KEY=of-the-build python manage.py collectstatic --no-input \
    && python -m whitenoise.compress --quiet var/static \
    && mkdir -p var/media \
    && chown -R healthcheck var/media
USER healthcheck
EXPOSE 8000
CMD ["gunicorn", "healthcheck.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads=2", "--worker-tmp-dir=/dev/shm"]
