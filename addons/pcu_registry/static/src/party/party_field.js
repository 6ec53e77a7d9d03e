import { registry } from "@web/core/registry";
import { Many2One } from "@web/views/fields/many2one/many2one";
import { buildM2OFieldDescription, Many2OneField } from "@web/views/fields/many2one/many2one_field";
import { Many2XAutocomplete } from "@web/views/fields/relational_utils";

// As the server's own rule: a CNP, a CUI, or what looks like one.
const CODE = /^(?:RO)?\d{5,13}$/i;

class PartyAutocomplete extends Many2XAutocomplete {
    /** A code that nobody has is no name: the form asks for the name beside it. */
    addCreateSuggestion({ request }) {
        return super.addCreateSuggestion(...arguments) && !CODE.test(request.replace(/[\s.\-/]/g, ""));
    }
}

class PartyMany2One extends Many2One {
    static components = { ...Many2One.components, Many2XAutocomplete: PartyAutocomplete };
}

export class PartyField extends Many2OneField {
    static components = { ...Many2OneField.components, Many2One: PartyMany2One };
}

registry.category("fields").add("pcu_party", buildM2OFieldDescription(PartyField));
