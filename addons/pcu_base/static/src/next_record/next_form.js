import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";

import { useEffect } from "@odoo/owl";

/**
 * A form that is worked one record after the other: when an act has taken a record off
 * the user's desk, the next one of the list opens by itself.
 */
export class NextFormController extends FormController {
    setup() {
        super.setup();
        this.notification = useService("notification");
        let before = {};
        useEffect(
            (resId, isMyTurn) => {
                const leftTheDesk = before.resId === resId && before.isMyTurn && !isMyTurn;
                before = { resId, isMyTurn };
                if (leftTheDesk && this.opensNext) {
                    this.openNext();
                }
            },
            () => [this.model.root.resId, this.isMyTurn]
        );
    }

    /** Whether the user has something to do here. */
    get isMyTurn() {
        return false;
    }

    get opensNext() {
        return true;
    }

    get label() {
        return this.model.root.data.display_name;
    }

    async openNext() {
        const { resId, resIds } = this.model.root;
        const done = this.label;
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
