import { localization } from "@web/core/l10n/localization";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import {
    DateTimeField,
    dateField,
    dateRangeField,
    dateTimeField,
} from "@web/views/fields/datetime/datetime_field";
import { formatDate, formatDateTime } from "@web/views/fields/formatters";

/**
 * Dates say their year, as on paper: 22.11.2026, 22.11.2026 14:05. Odoo writes "22 nov."
 * for a day of this year, which is no date of a document. A view may still ask for that
 * with options="{'numeric': false}".
 */
const full = (info) => ({ ...info, options: { numeric: true, ...info.options } });

for (const field of [dateField, dateTimeField, dateRangeField]) {
    for (const name of ["extractProps", "listViewWidth"]) {
        const original = field[name];
        field[name] = (info, ...rest) => original(full(info), ...rest);
    }
}

/** Odoo's numbers always have seconds; they are written where a view asks for them. */
function formatMinutes(value) {
    const time = localization.timeFormat.replace(/[:.]ss/, "");
    return value.toFormat(`${localization.dateFormat} ${time}`);
}

function wantsMinutes({ numeric, showTime, showSeconds }) {
    return numeric && showTime && !showSeconds;
}

patch(DateTimeField.prototype, {
    getFormattedValue(valueIndex, numeric = this.props.numeric) {
        const value = this.values[valueIndex];
        if (value && this.field.type === "datetime" && wantsMinutes({ ...this.props, numeric })) {
            return formatMinutes(value);
        }
        return super.getFormattedValue(valueIndex, numeric);
    },
});

function fullDate(value, options) {
    return formatDate(value, options);
}
fullDate.extractOptions = (info) => formatDate.extractOptions(full(info));

function fullDateTime(value, options = {}) {
    return value && wantsMinutes(options) ? formatMinutes(value) : formatDateTime(value, options);
}
fullDateTime.extractOptions = (info) => formatDateTime.extractOptions(full(info));

registry
    .category("formatters")
    .add("date", fullDate, { force: true })
    .add("datetime", fullDateTime, { force: true });
