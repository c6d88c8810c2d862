/// An array that is taken from at the front.
struct Ring<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }

    var isEmpty: Bool { count == 0 }

    /// Traps when `index` is not below `count`, as an array does.
    subscript(index: Int) -> Element {
        guard let element = elements[head + index] else {
            preconditionFailure("the elements behind the head are there")
        }
        return element
    }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        // Seldom enough that a removal costs constant time on average.
        if head > 32, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }
}
