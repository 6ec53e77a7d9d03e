import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { NextFormController } from "@pcu_base/next_record/next_form";

const AT_WORK = ["new", "registered", "in_progress"];

/**
 * The request, worked one after the other: when an act has taken it off the desk
 * (asked, sent for approval, approved, decided), the next one of the list opens by itself.
 */
export class RequestFormController extends NextFormController {
    /** Whether something is to be done here: work on it, or approve it. */
    get isMyTurn() {
        const { state, approval_state, can_approve } = this.model.root.data;
        return can_approve || (AT_WORK.includes(state) && approval_state !== "running");
    }

    get opensNext() {
        return this.props.context.pcu_desk;
    }

    get label() {
        return super.label || this.model.root.data.entry_reference;
    }
}

registry.category("views").add("pcu_request_form", {
    ...formView,
    Controller: RequestFormController,
});
