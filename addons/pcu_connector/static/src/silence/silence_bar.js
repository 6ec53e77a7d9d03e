import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

/** A red bar for those who can do something: nothing is taken over any more. */
export class SilenceBar extends Component {
    static template = "pcu_connector.SilenceBar";
    static props = {};
}

if (session.pcu_connector_silent) {
    registry
        .category("main_components")
        .add("pcu_connector.SilenceBar", { Component: SilenceBar, props: {} });
}
