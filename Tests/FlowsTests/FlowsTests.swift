import Testing

extension Tag {
  @Tag static var convergence: Self
  @Tag static var property: Self
  @Tag static var reference: Self
  @Tag static var unit: Self
}
