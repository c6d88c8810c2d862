/// An expression of a template, with its place.
struct Expression {
    let place: SourcePlace
    let kind: Kind

    indirect enum Kind {
        case constant(Value)
        case name(String)
        case tuple([Expression])
        case list([Expression])
        case dictionary([(key: Expression, value: Expression)])
        case conditional(test: Expression, then: Expression, otherwise: Expression?)
        case or(Expression, Expression)
        case and(Expression, Expression)
        case not(Expression)
        case negate(Expression)
        case plus(Expression)
        case arithmetic(Arithmetic, Expression, Expression)
        case concatenate([Expression])
        case compare(Expression, [(Comparison, Expression)])
        case attribute(Expression, String)
        case item(Expression, Expression)
        case slice(Expression, start: Expression?, stop: Expression?, step: Expression?)
        case call(Expression, CallArguments)
        case filter(Expression, String, CallArguments)
        case test(Expression, String, CallArguments)
    }
}

/// What stands between the parentheses of a call.
struct CallArguments {
    var positional: [Expression] = []
    var keyword: [(name: String, value: Expression)] = []
    /// `*values`
    var dynamic: Expression?
    /// `**values`
    var dynamicKeyword: Expression?
}

/// What is assigned to.
indirect enum Target {
    case name(String)
    case attribute(namespace: String, name: String, SourcePlace)
    case tuple([Target])
}
