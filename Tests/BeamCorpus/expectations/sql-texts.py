from expectations.duck import asked


def outputs():
    return asked('sql-texts', """
        SELECT id, REPLACE(UPPER(name), 'ẞ', 'SS') AS upper_name, LOWER(name) AS lower_name, CHAR_LENGTH(name) AS letters,
               SUBSTRING(name FROM 2 FOR 3) AS middle, SUBSTRING(name, 3) AS rest, name || '/' || zone AS joined,
               TRIM('  ' || zone || ' ') AS trimmed, POSITION('e' IN name) AS place, REPLACE(name, 'e', 'E') AS replaced,
               CONCAT(zone, '-', name) AS glued
        FROM PCOLLECTION""")
