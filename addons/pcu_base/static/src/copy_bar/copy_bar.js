import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

/** Says on every screen that this is not the town hall's real database. */
export class CopyBar extends Component {
    static template = "pcu_base.CopyBar";
    static props = {};
}

if (session.pcu_is_copy) {
    registry
        .category("main_components")
        .add("pcu_base.CopyBar", { Component: CopyBar, props: {} });
}
