import { Component } from "@odoo/owl";
import { formatDate, parseDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A date that is typed, without a calendar.
 *
 * The calendar of the usual field takes the cursor back when an answer of the server
 * arrives while it is open: whoever types fast would write the next field's text here.
 */
export class TypedDateField extends Component {
    static template = "pcu_registry.TypedDateField";
    static props = { ...standardFieldProps, placeholder: { type: String, optional: true } };

    setup() {
        useInputField({ getValue: () => this.formatted, parse: (text) => parseDate(text) });
    }

    get formatted() {
        const value = this.props.record.data[this.props.name];
        return value ? formatDate(value) : "";
    }
}

registry.category("fields").add("pcu_typed_date", {
    component: TypedDateField,
    supportedTypes: ["date"],
    extractProps: ({ placeholder }) => ({ placeholder }),
});
