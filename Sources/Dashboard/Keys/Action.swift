import Terminal

/// What a key can do; the raw value is its name in a keymap file.
public enum Action: String, Sendable, CaseIterable {
    case toggleTrigger = "toggle-trigger"
    case runJob = "run-job"
    case toggleSelected = "toggle-selected"
    case more
    case fewer
    case automatic
    case purge
    case seek
    case detach
    case nextPanel = "next-panel"
    case previousPanel = "previous-panel"
    case panelLeft = "panel-left"
    case panelRight = "panel-right"
    case panel1 = "panel-1"
    case panel2 = "panel-2"
    case panel3 = "panel-3"
    case panel4 = "panel-4"
    case panel5 = "panel-5"
    case panel6 = "panel-6"
    case panel7 = "panel-7"
    case rowUp = "row-up"
    case rowDown = "row-down"
    case pageUp = "page-up"
    case pageDown = "page-down"
    case firstRow = "first-row"
    case lastRow = "last-row"
    case zoom
    case back
    case filter
    case longerGraph = "longer-graph"
    case shorterGraph = "shorter-graph"
    case freeze
    case themes
    case export
    case mouse
    case redraw
    case suspend
    case help
    case quit

    /// What the help says.
    var summary: String {
        switch self {
        case .toggleTrigger: "pause or resume the trigger, from anywhere"
        case .runJob: "run the selected job now"
        case .toggleSelected: "pause or resume the selected job, queue or pipeline"
        case .more: "one more worker (pipeline) or instance (service)"
        case .fewer: "one worker or instance fewer"
        case .automatic: "give the service back to the autoscaler"
        case .purge: "empty the queue or the subscription (asks)"
        case .seek: "hand out a subscription's past again (asks how far)"
        case .detach: "detach the subscription from its topic (asks)"
        case .nextPanel: "next panel"
        case .previousPanel: "panel before"
        case .panelLeft: "panel to the left"
        case .panelRight: "panel to the right"
        case .panel1: "panel 1, the scheduler"
        case .panel2: "panel 2, the queues"
        case .panel3: "panel 3, the services"
        case .panel4: "panel 4, topics and subscriptions"
        case .panel5: "panel 5, the pipelines"
        case .panel6: "panel 6, the warehouse"
        case .panel7: "panel 7, the log"
        case .rowUp: "row up"
        case .rowDown: "row down"
        case .pageUp: "ten rows up"
        case .pageDown: "ten rows down"
        case .firstRow: "first row"
        case .lastRow: "last row"
        case .zoom: "fill the screen with the panel, and back"
        case .back: "back: unzoom, clear the filter"
        case .filter: "show only rows that hold a text"
        case .longerGraph: "more time in the lag graph"
        case .shorterGraph: "less time in the lag graph"
        case .freeze: "freeze the picture, and back"
        case .themes: "choose a theme"
        case .export: "write a snapshot of all figures to a file"
        case .mouse: "leave the mouse to the terminal, and back"
        case .redraw: "draw everything anew"
        case .suspend: "stop the whole program until fg"
        case .help: "this list"
        case .quit: "quit (asks while work is in flight)"
        }
    }

    var panel: Panel? {
        guard rawValue.hasPrefix("panel-"), let number = Int(rawValue.dropFirst(6)) else { return nil }
        return Panel(rawValue: number)
    }

    /// The keys unless a keymap says otherwise; the first is the one shown.
    var standardKeys: [Key] {
        switch self {
        case .toggleTrigger: [.character(" ")]
        case .runJob: [.character("r")]
        case .toggleSelected: [.character("p")]
        case .more: [.character("+"), .character("=")]
        case .fewer: [.character("-"), .character("_")]
        case .automatic: [.character("a")]
        case .purge: [.character("X")]
        case .seek: [.character("S")]
        case .detach: [.character("D")]
        case .nextPanel: [.tab]
        case .previousPanel: [.backTab]
        case .panelLeft: [.left, .character("h")]
        case .panelRight: [.right, .character("l")]
        case .panel1, .panel2, .panel3, .panel4, .panel5, .panel6, .panel7: [.character(rawValue.last ?? " ")]
        case .rowUp: [.up, .character("k")]
        case .rowDown: [.down, .character("j")]
        case .pageUp: [.pageUp, .control("u")]
        case .pageDown: [.pageDown, .control("d")]
        case .firstRow: [.home, .character("g")]
        case .lastRow: [.end, .character("G")]
        case .zoom: [.character("z"), .enter]
        case .back: [.escape]
        case .filter: [.character("/")]
        case .longerGraph: [.character("]")]
        case .shorterGraph: [.character("[")]
        case .freeze: [.character("f")]
        case .themes: [.character("t")]
        case .export: [.character("e")]
        case .mouse: [.character("m")]
        case .redraw: [.control("l")]
        case .suspend: [.control("z")]
        case .help: [.character("?"), .function(1), .character("H")]
        case .quit: [.character("q")]
        }
    }
}
