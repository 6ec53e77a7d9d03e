# The stand-in platform and the mail catcher, as an ordinary user.
FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends libmagic1 \
    && rm -rf /var/lib/apt/lists/* && useradd --create-home sandbox \
    && install -d -o sandbox /data
COPY sandbox /app
RUN pip install --no-cache-dir -r /app/requirements.in
ENV PYTHONPATH=/app
USER sandbox
ENTRYPOINT ["python", "-m"]
