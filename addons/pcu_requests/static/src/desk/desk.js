import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

import { Component, onMounted, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const PILE = "pile_";
const PRESSING = ["approve", "overdue", "returned", "soon", "pool", "waiting"];

/**
 * The piles of the desk above their list: what a pile counts is what it shows, because
 * its button switches on the filter that asks the same question.
 */
export class DeskCounters extends Component {
    static template = "pcu_requests.DeskCounters";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ counters: [], active: "" });
        onWillStart(() => this.refresh());
        onMounted(() => this.leaveEmptyPile());
        // The list is read anew after each act, and so are the counters.
        onWillUpdateProps(() => this.refresh());
        useBus(this.env.searchModel, "update", () => this.showActive());
    }

    async refresh() {
        this.state.counters = await this.orm.silent.call("pcu.request", "get_desk_counters", []);
        this.showActive();
    }

    get poolIsEmpty() {
        return !this.state.counters.find(({ pile }) => pile === "pool")?.count;
    }

    showActive() {
        const filters = this.env.searchModel.getSearchItems(
            ({ name, isActive }) => isActive && name?.startsWith(PILE)
        );
        this.state.active = filters.length === 1 ? filters[0].name.slice(PILE.length) : "";
    }

    /** Who has nothing of the own to do begins with what presses most. */
    leaveEmptyPile() {
        const count = (pile) => this.state.counters.find((one) => one.pile === pile)?.count;
        if (this.state.active === "mine" && !count("mine")) {
            const next = PRESSING.find(count);
            if (next) {
                this.open(next);
            }
        }
    }

    /** Show one pile; other filters that the clerk has set stay. */
    open(pile) {
        const { searchModel } = this.env;
        const items = searchModel.getSearchItems(({ name }) => name?.startsWith(PILE));
        for (const item of items) {
            if (item.isActive !== (item.name === PILE + pile)) {
                searchModel.toggleSearchItem(item.id);
            }
        }
    }

    async takeOne() {
        const action = await this.orm.call("pcu.request", "action_take_one", []);
        return this.action.doAction(action);
    }

    press(counter) {
        return counter.action ? this.action.doAction(counter.action) : this.open(counter.pile);
    }

    describe(counter) {
        if (counter.action) {
            return `${counter.label}: ${counter.count}`;
        }
        return _t("%(pile)s: %(count)s requests", { pile: counter.label, count: counter.count });
    }
}

export class DeskListRenderer extends ListRenderer {
    static template = "pcu_requests.DeskListRenderer";
    static components = { ...ListRenderer.components, DeskCounters };
}

export class DeskKanbanRenderer extends KanbanRenderer {
    static template = "pcu_requests.DeskKanbanRenderer";
    static components = { ...KanbanRenderer.components, DeskCounters };
}

registry.category("views").add("pcu_desk_list", { ...listView, Renderer: DeskListRenderer });
registry.category("views").add("pcu_desk_kanban", {
    ...kanbanView,
    Renderer: DeskKanbanRenderer,
});
