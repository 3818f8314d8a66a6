/// Placeholder of the layer.
enum NetworkShapePlaceholder {}
