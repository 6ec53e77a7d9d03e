import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

import { useEffect } from "@odoo/owl";

const AT_WORK = ["new", "registered", "in_progress"];

/**
 * The request, worked one after the other: when an act has taken it off the desk
 * (asked, sent for approval, approved, decided), the next one of the list opens by itself.
 */
export class RequestFormController extends FormController {
    setup() {
        super.setup();
        this.notification = useService("notification");
        let before = {};
        useEffect(
            (resId, isMyTurn) => {
                const leftTheDesk = before.resId === resId && before.isMyTurn && !isMyTurn;
                before = { resId, isMyTurn };
                if (leftTheDesk && this.props.context.pcu_desk) {
                    this.openNext();
                }
            },
            () => [this.model.root.resId, this.isMyTurn]
        );
    }

    /** Whether something is to be done here: work on it, or approve it. */
    get isMyTurn() {
        const { state, approval_state, can_approve } = this.model.root.data;
        return can_approve || (AT_WORK.includes(state) && approval_state !== "running");
    }

    async openNext() {
        const { resId, resIds, data } = this.model.root;
        const done = data.display_name || data.entry_reference;
        const next = resIds.indexOf(resId) + 1;
        if (next && next < resIds.length) {
            await this.onPagerUpdate({ offset: next, resIds });
            this.say(_t("%s is done. This is the next one.", done));
        } else {
            this.env.config.historyBack();
            this.say(_t("%s is done. It was the last one of the list.", done));
        }
    }

    say(message) {
        this.notification.add(message, { type: "success" });
    }
}

registry.category("views").add("pcu_request_form", {
    ...formView,
    Controller: RequestFormController,
});
