import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

import { Component, useExternalListener, useState } from "@odoo/owl";

const REGISTER = "action_quick_register";
// The number comes right after the commit; these are the looks before giving up (ms).
const LOOKS = [150, 300, 600, 1200, 2400];

/**
 * A form that, once its entry is registered, shows the number large and opens the next
 * empty row with the cursor in its first field.
 */
export class QuickEntryController extends FormController {
    static template = "pcu_registry.QuickEntry";

    setup() {
        super.setup();
        this.last = useState({ id: false, reference: "", note: "", print: false });
        useExternalListener(document, "keydown", this.skipSuggestions, { capture: true });
        // A hotkey takes the cursor away: this is where it goes back to.
        this.lastField = null;
        useExternalListener(document, "focusin", ({ target }) => {
            if (target.matches("input") && this.rootRef.el?.contains(target)) {
                this.lastField = target;
            }
        });
    }

    /**
     * Tab takes the suggestion and goes to the next field. The suggestions are links
     * that stand right after the field: without this the cursor would land on one of
     * them as it disappears, and the clerk would press Tab twice.
     */
    skipSuggestions(ev) {
        if (ev.key === "Tab") {
            for (const link of document.querySelectorAll(".o-autocomplete--dropdown-menu a")) {
                link.tabIndex = -1;
            }
        }
    }

    /** Put the cursor where something is missing: the hotkey took it away. */
    async beforeExecuteActionButton() {
        const saved = await super.beforeExecuteActionButton(...arguments);
        if (saved === false) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
            this.rootRef.el.querySelector(".o_field_invalid input")?.focus();
        }
        return saved;
    }

    /** After the button of registering; `root` has been read anew by then. */
    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(...arguments);
        const root = this.model.root;
        if (clickParams.name !== REGISTER || root.data.state === "draft") {
            return; // refused: the row stays as it was typed, with the message above it
        }
        await this.showNumber(root.resId);
        await this.model.load({ resId: false });
        if (this.last.print && this.last.reference) {
            this.printLast();
        }
    }

    async showNumber(id) {
        let entry = await this.readEntry(id);
        for (const pause of LOOKS) {
            if (entry.reference) {
                break;
            }
            await new Promise((resolve) => setTimeout(resolve, pause));
            entry = await this.readEntry(id);
        }
        Object.assign(this.last, {
            id,
            reference: entry.reference || "",
            note: [
                entry.sender_id?.[1],
                entry.summary,
                entry.department_id?.[1],
                entry.awaited_id && _t("For resolution: %s", entry.awaited_id[1]),
            ]
                .filter(Boolean)
                .join(" · "),
            print: entry.slip_print,
        });
    }

    async readEntry(id) {
        const fields = [
            "reference",
            "summary",
            "sender_id",
            "department_id",
            "awaited_id",
            "slip_print",
        ];
        const [entry] = await this.orm.read("pcu.register.entry", [id], fields);
        return entry;
    }

    /** Print from a frame that isn't seen; the cursor goes back to its field. */
    async printLast() {
        const action = await this.orm.call("pcu.register.entry", "action_print_slip", [
            [this.last.id],
        ]);
        document.querySelector("iframe.o_pcu_slip")?.remove();
        const frame = document.createElement("iframe");
        frame.className = "o_pcu_slip position-absolute invisible";
        frame.title = _t("Slip");
        frame.addEventListener("load", () => frame.contentWindow.print());
        frame.src = action.url;
        document.body.append(frame);
        this.lastField?.focus();
    }

    openLast() {
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            res_model: "pcu.register.entry",
            res_id: this.last.id,
            views: [[false, "form"]],
            target: "new",
        });
    }
}

registry.category("views").add("pcu_quick_entry", {
    ...formView,
    Controller: QuickEntryController,
});

/** Says what the server noticed while the clerk types; blocks nothing. */
export class QuickHints extends Component {
    static template = "pcu_registry.QuickHints";
    static props = { ...standardWidgetProps, about: String };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get data() {
        return this.props.record.data;
    }

    /** Take the known party; the one that was made from the typed name goes again. */
    async useTwin() {
        const made = this.data.sender_id.id;
        await this.props.record.update({ sender_id: { id: this.data.sender_twin_id.id } });
        await this.orm.call("res.partner", "action_forget_unused", [[made]]);
        document.querySelector(".o_field_widget[name=sender_id] input")?.focus();
    }

    openSame() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Already registered"),
            res_model: "pcu.register.entry",
            res_id: this.data.same_document_id.id,
            views: [[false, "form"]],
            target: "new",
        });
    }
}

registry.category("view_widgets").add("pcu_quick_hints", {
    component: QuickHints,
    extractProps: ({ attrs }) => ({ about: attrs.about }),
});
