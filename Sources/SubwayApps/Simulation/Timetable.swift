/// One direction of one service: where its trains stop, how long they take, how often they run.
struct ServicePattern: Hashable {
    enum Direction: String { case north = "N", south = "S" }

    var route: String
    var direction: Direction
    /// The path's code in trip ids: `55R` in `107850_A..N55R`.
    var path: String
    /// In the order of travel, without the letter of the direction.
    var stations: [String]
    /// From the first departure to the last arrival by the timetable, in seconds.
    var runningTime: Int64
    /// Seconds between two trains; a multiple of 30, as departures are on the half minute.
    var headway: Int64
    /// Shifts the departures, so that the services do not all leave at once; a multiple of 30 seconds.
    var offset: Int64
}

/// The simulated day: the same trains around the clock, about 80 on the line and 50 waiting at any moment.
enum Timetable {
    static let patterns: [ServicePattern] =
        service("A", path: "57", eighthAvenueExpress + rockawayTrunk, minutes: 94, headway: 720, offset: 30)
        + service("A", path: "54", eighthAvenueExpress + lefferts, minutes: 74, headway: 720, offset: 390)
        + service("C", path: "04", eighthAvenueLocal, minutes: 73, headway: 480, offset: 90)
        + service("E", path: "69", queensBoulevard, minutes: 52, headway: 240, offset: 60)
        + service("H", path: "21", rockawayShuttle, minutes: 17, headway: 600, offset: 210)

    /// Both directions of a service, given from north to south.
    private static func service(
        _ route: String, path: String, _ stations: [String], minutes: Int64, headway: Int64, offset: Int64
    ) -> [ServicePattern] {
        [ServicePattern.Direction.south, .north].map { direction in
            ServicePattern(
                route: route, direction: direction, path: path + "R",
                stations: direction == .south ? stations : stations.reversed(), runningTime: minutes * 60,
                headway: headway, offset: direction == .south ? offset : offset + headway / 60 * 30)
        }
    }

    /// Inwood to Rockaway Boulevard, skipping the local stops.
    private static let eighthAvenueExpress = words(
        """
        A02 A03 A05 A06 A07 A09 A12 A15 A24 A27 A28 A31 A32 A34 A36 A38 A40 A41 A42 A46 A48 A51 A55 A57 A59 A60 A61
        """)

    private static let rockawayTrunk = words("H01 H02 H03 H04 H06 H07 H08 H09 H10 H11")

    private static let lefferts = words("A63 A64 A65")

    /// 168 Street to Euclid Avenue, every stop.
    private static let eighthAvenueLocal = words(
        """
        A09 A10 A11 A12 A14 A15 A16 A17 A18 A19 A20 A21 A22 A24 A25 A27 A28 A30 A31 A32 A33 A34 A36 A38 A40 A41 A42
        A43 A44 A45 A46 A47 A48 A49 A50 A51 A52 A53 A54 A55
        """)

    /// Jamaica Center to the World Trade Center.
    private static let queensBoulevard = words(
        "G05 G06 G07 F05 F06 F07 G08 G14 G21 F09 F11 F12 D14 A25 A27 A28 A30 A31 A32 A33 A34 E01")

    private static let rockawayShuttle = words("H19 H04 H12 H13 H14 H15")

    private static func words(_ text: String) -> [String] { text.split { $0 == " " || $0 == "\n" }.map(String.init) }
}
