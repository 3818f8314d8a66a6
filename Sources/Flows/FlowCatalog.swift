/// Placeholder of the layer.
enum FlowCatalogPlaceholder {}
