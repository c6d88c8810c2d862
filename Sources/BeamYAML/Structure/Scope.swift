/// The transforms that may name each other: those of one composite.
final class Scope {
    let transforms: [TransformSpec]
    /// What the composite gets, by the names of its inputs.
    let inputs: [String: Collection]
    /// `Outer/Inner/`, or nothing for the pipeline itself.
    let path: String
    private let names: [ObjectIdentifier: String]

    init(_ transforms: [TransformSpec], inputs: [String: Collection], path: String, _ findings: Findings) {
        self.transforms = transforms
        self.inputs = inputs
        self.path = path
        var taken: Set<String> = []
        var names: [ObjectIdentifier: String] = [:]
        for spec in transforms where spec.name != nil {
            if !taken.insert(spec.label).inserted {
                findings.error(
                    "two transforms are called '\(spec.label)'", at: spec.namePlace,
                    suggestion: "give one of them another name")
            }
            names[ObjectIdentifier(spec)] = path + spec.label
        }
        // Without a name a transform is called by its type; a second one gets a number.
        for spec in transforms where spec.name == nil {
            var name = spec.type
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(spec.type) \(number)"
                number += 1
            }
            names[ObjectIdentifier(spec)] = path + name
        }
        self.names = names
    }

    /// The name of the transform's step.
    func stepName(of spec: TransformSpec) -> String { names[ObjectIdentifier(spec)] ?? path + spec.label }

    /// The transforms that `name` may mean: by their name or their type.
    func transforms(called name: String) -> [TransformSpec] { transforms.filter { $0.name == name || $0.type == name } }

    /// Every name that can be referred to.
    var labels: [String] { transforms.map(\.label) + inputs.keys.sorted() }
}
