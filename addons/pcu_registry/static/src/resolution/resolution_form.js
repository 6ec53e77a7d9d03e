import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { NextFormController } from "@pcu_base/next_record/next_form";

import { useEffect, useRef } from "@odoo/owl";

/**
 * The sheet of a resolution: the cursor waits in the text, and when it is given or sent
 * back the next document of the pile lies there.
 */
export class ResolutionFormController extends NextFormController {
    setup() {
        super.setup();
        const root = useRef("root");
        useEffect(
            () => root.el?.querySelector("[name='text'] textarea")?.focus(),
            () => [this.model.root.resId]
        );
    }

    get isMyTurn() {
        return this.model.root.data.can_give;
    }

    get label() {
        return this.model.root.data.entry_id?.display_name;
    }
}

registry.category("views").add("pcu_resolution_form", {
    ...formView,
    Controller: ResolutionFormController,
});
