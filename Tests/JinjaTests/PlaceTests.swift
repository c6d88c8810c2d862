import Jinja
import Testing

@Suite("Places") struct PlaceTests {
    @Test("an error tells its place, and what was meant")
    func undefined() {
        #expect(
            message("a: 1\nb: {{ tpoic }}", [.init("topic", .string("x"))])
                == "t:2:7: 'tpoic' is not defined; did you mean 'topic'?")
    }
}

func message(_ text: String, _ variables: [TemplateValue.Entry] = []) -> String {
    do {
        return try TemplateEnvironment().render(TemplateText(text, file: "t"), variables: variables).text
    } catch {
        return error.description
    }
}

@Suite("Limits") struct LimitTests {
    @Test(
        "stop what would run away",
        arguments: [
            ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "levels deep"),
            ("{% for i in range(2000) %}{% for j in range(2000) %}{% endfor %}{% endfor %}", "more than 1000000 steps"),
            ("{{ 'x' * 100000000 }}", "beyond 16 MB"), ("{{ range(100000000)|list }}", "steps"),
            (
                "{{ \(String(repeating: "(", count: 5000))1\(String(repeating: ")", count: 5000)) }}",
                "nested too deeply"
            ),
            ("{{ 1\(String(repeating: "+1", count: 5000)) }}", "more than 300 terms"),
            ("\(String(repeating: "{% if 1 %}", count: 5000))", "nested too deeply"),
            ("{% include 'self' %}", "include each other"), ("{% extends 'child' %}", "include each other"),
            ("{{ '%1000000000d' % 1 }}", "beyond 16 MB"), ("{{ 9 ** 99 }}", "beyond 64 bits"),
            ("{% set x = [] %}{% set _ = x.append(x) %}{{ x }}", "[[...]]"),
            (
                "{% set long = datetime.timedelta(days=100000000) %}{{ long + long }}",
                "the time span is too long"
            ),
            (
                "{{ datetime.datetime(2026, 1, 1) + datetime.timedelta(days=106751991) }}",
                "the date is out of range"
            ),
        ] as [(String, String)])
    func limits(template: String, expected: String) {
        let loader = TemplateCollection([
            "self": "{% include 'self' %}", "child": "{% extends 'child' %}",
        ])
        let environment = TemplateEnvironment(loader: loader, clock: TemplateClock { 0 })
        do {
            let text = try environment.render(TemplateText(template, file: "t")).text
            #expect(text.contains(expected))
        } catch {
            #expect(error.description.contains(expected), "\(error)")
        }
    }
}

@Suite("Loops") struct LoopTests {
    @Test("what 'loop' gives outlives it")
    func outliving() throws {
        let template =
            "{% set kept = namespace() %}{% for i in [1] %}{% set kept.f = loop.changed %}{% endfor %}{{ kept.f(1) }}"
        #expect(try TemplateEnvironment().render(TemplateText(template, file: "t")).text == "True")
    }
}

@Suite("Origins") struct OriginTests {
    @Test("lead from the rendered text to the template")
    func origins() throws {
        let loader = TemplateCollection(["part": "one: {{ v }}\ntwo: 2"])
        let rendered = try TemplateEnvironment(loader: loader).render(
            TemplateText(
                "{% for i in [1, 2] %}\n- {{ i }} x\n{% endfor %}{% include 'part' %}\nend", file: "t", firstLine: 3),
            variables: [.init("v", .integer(5))])
        #expect(rendered.text == "\n- 1 x\n\n- 2 x\none: 5\ntwo: 2\nend")
        func origin(_ line: Int, _ column: Int) -> String {
            let origin = rendered.origin(line: line, column: column)
            return "\(origin.file):\(origin.line):\(origin.column)"
        }
        #expect(origin(2, 1) == "t:4:1")
        #expect(origin(2, 3) == "t:4:6")
        #expect(origin(4, 5) == "t:4:11")
        #expect(origin(5, 1) == "part:1:1")
        #expect(origin(5, 6) == "part:1:9")
        #expect(origin(6, 4) == "part:2:4")
        #expect(origin(7, 2) == "t:6:2")
    }
}
