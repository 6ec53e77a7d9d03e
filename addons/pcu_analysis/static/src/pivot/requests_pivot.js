import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { pivotView } from "@web/views/pivot/pivot_view";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { graphView } from "@web/views/graph/graph_view";
import { GraphRenderer } from "@web/views/graph/graph_renderer";

/** Opens the requests behind a sum, not the rows of sums. */
function opensRequests(Renderer) {
    return class extends Renderer {
        setup() {
            super.setup();
            this.orm = useService("orm");
        }

        async openView(domain, views, context, newWindow) {
            const measure = this.clickedMeasure || this.model.metaData.measure;
            const action = await this.orm.call(
                "pcu.request.summary",
                "action_open_requests",
                [domain, measure]
            );
            return this.actionService.doAction(action, { newWindow });
        }
    };
}

class RequestsPivotRenderer extends opensRequests(PivotRenderer) {
    onOpenView(cell, newWindow) {
        this.clickedMeasure = cell.measure;
        return super.onOpenView(cell, newWindow);
    }
}

registry.category("views").add("pcu_requests_pivot", {
    ...pivotView,
    Renderer: RequestsPivotRenderer,
});
registry.category("views").add("pcu_requests_graph", {
    ...graphView,
    Renderer: opensRequests(GraphRenderer),
});
