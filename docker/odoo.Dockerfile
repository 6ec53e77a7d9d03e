# The official image and the one add-on that it lacks.
FROM odoo:19.0
USER root
# --no-deps: the wheel names a distribution `odoo` that the image has as a Debian package.
RUN pip install --break-system-packages --no-deps --no-cache-dir \
      odoo-addon-queue-job==19.0.2.4.0.1 openupgradelib==3.13.7 cssselect==1.6.0
USER odoo
