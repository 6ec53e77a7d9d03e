# The official image and what it lacks.
FROM odoo:19.0
USER root
# Intake reads page images and, if wished, their text.
RUN apt-get update && apt-get install -y --no-install-recommends tesseract-ocr-ron \
    && rm -rf /var/lib/apt/lists/* \
    && pip install --break-system-packages --no-cache-dir \
      pypdfium2==5.15.2 zxing-cpp==3.1.1
# --no-deps: the wheel names a distribution `odoo` that the image has as a Debian package.
RUN pip install --break-system-packages --no-deps --no-cache-dir \
      odoo-addon-queue-job==19.0.2.4.0.1 openupgradelib==3.13.7 cssselect==1.6.0
USER odoo
