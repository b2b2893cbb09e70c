"""The commands for those who teach: ``pebbletrail class …``."""

import sys


def add(commands, at_least_one):
    """The commands below ``class``."""
    classes = commands.add_parser("class", help="exercises with a data set for each student, for those who teach")
    inner = classes.add_subparsers(title="commands", metavar="COMMAND", required=True)
    build = inner.add_parser("build", help="make every student's notebooks and data, and the keys apart")
    build.add_argument("modules", nargs="*", metavar="MODULE", help="such as 04-control, or 4; default: all")
    build.add_argument("--students", required=True, metavar="roster.csv", help="a CSV file with the columns id and name")
    build.add_argument("--secret-file", required=True, metavar="FILE", help="from `pebbletrail class secret FILE`")
    build.add_argument("--out", required=True, metavar="FOLDER", help="the class's folder; a second run goes on there")
    build.add_argument("--jobs", type=at_least_one, help="variants at a time (default: number of cores)")
    build.set_defaults(run=_build)

    grade = inner.add_parser("grade", help="run and mark what was handed in; as often as you like")
    grade.add_argument("submissions", metavar="SUBMISSIONS", help="what was handed in: a folder, or a platform's zip")
    grade.add_argument("--class", dest="folder", default="class", metavar="FOLDER", help="default: %(default)s")
    grade.add_argument("--out", default="grades", metavar="FOLDER", help="the grades; a second run goes on there "
                                                                         "(default: %(default)s)")
    grade.add_argument("--require-sandbox", action="store_true", help="refuse to run anything without the sandbox")
    grade.add_argument("--again", action="store_true", help="run everything once more, what earlier commands took in too")
    grade.add_argument("--jobs", type=at_least_one, metavar="N", help="submissions at a time (default: number of cores)")
    grade.set_defaults(run=_grade)

    marks = inner.add_parser("marks", help="take in what people marked: texts, and what an appeal changed")
    marks.add_argument("file", metavar="FILE.csv", help="with the columns student, module, question, points, comment")
    marks.add_argument("--class", dest="folder", default="class", metavar="FOLDER", help="default: %(default)s")
    marks.add_argument("--grades", default="grades", metavar="FOLDER", help="default: %(default)s")
    marks.set_defaults(run=_marks)

    fill = inner.add_parser("fill", help="fill the grades into a table downloaded from Moodle or Canvas")
    fill.add_argument("file", metavar="FILE.csv", help="Moodle's grading worksheet, or the gradebook that Canvas exports")
    fill.add_argument("--module", metavar="MODULE", help="of which module a worksheet is, such as 04-control, or 4")
    fill.add_argument("--class", dest="folder", default="class", metavar="FOLDER", help="default: %(default)s")
    fill.add_argument("--grades", default="grades", metavar="FOLDER", help="default: %(default)s")
    fill.add_argument("--out", required=True, metavar="FILE.csv", help="a new file")
    fill.set_defaults(run=_fill)

    secret = inner.add_parser("secret", help="make the secret from which each student's numbers follow")
    secret.add_argument("file", metavar="FILE", help="a new file, where students cannot read it")
    secret.set_defaults(run=_secret)

    solution = inner.add_parser("solution", help="write a module's solution notebook, for the practice variant or a student")
    solution.add_argument("module", metavar="MODULE", help="such as 04-control, or 4")
    solution.add_argument("--student", metavar="ID", help="whose; default: the public practice variant")
    solution.add_argument("--class", dest="folder", default="class", metavar="FOLDER", help="default: %(default)s")
    solution.add_argument("--out", required=True, metavar="FILE.ipynb", help="a new file")
    solution.set_defaults(run=_solution)


def _build(given):
    from pebbletrail.exercises.class_build import build_class
    from pebbletrail.exercises.class_modules import chosen, sound
    from pebbletrail.exercises.module import module_folders
    from pebbletrail.exercises.roster import read_roster
    from pebbletrail.exercises.secret import cautions, read_secret

    modules, broken = sound(chosen(given.modules, module_folders()))
    for sentence in broken:
        print(f"pebbletrail: {sentence}{' This module is left out.' if modules else ''}", file=sys.stderr)
    if not modules:
        return 2
    secret = read_secret(given.secret_file)
    students = read_roster(given.students)
    for caution in cautions(given.secret_file, given.out):
        print(f"pebbletrail: mind: {caution}", file=sys.stderr)
    try:
        built = build_class(students, secret, given.out, modules, jobs=given.jobs)
    except KeyboardInterrupt:
        print("\npebbletrail: stopped. What is made stays, and the same command goes on from there.", file=sys.stderr)
        return 130
    print(built.text)
    return 1 if built.failed or broken else 0


def _secret(given):
    from pebbletrail.exercises.secret import make_secret

    make_secret(given.file)
    print(f"{given.file}: a fresh secret. Keep it, and a copy, where students cannot read it; never hand it out. With it,\n"
          f"pebbletrail class build --students roster.csv --secret-file {given.file} --out class\nmakes a class.")


def _solution(given):
    from pebbletrail.exercises.class_modules import chosen, load
    from pebbletrail.exercises.class_solution import write_solution
    from pebbletrail.exercises.module import module_folders

    module = load(*chosen([given.module], module_folders()))
    written = write_solution(module, given.out, given.student, given.folder)
    print(f"{written[0]}: the solution of {module.name}, for {given.student or 'the practice variant'}. Not for students.")
    if len(written) > 1:
        print(f"Beside it: {', '.join(path.name for path in written[1:])}. Run it where it is.")


def _grade(given):
    from pebbletrail.grading.run import grade_class

    try:
        graded = grade_class(given.submissions, given.folder, given.out, jobs=given.jobs, require=given.require_sandbox,
                             again=given.again)
    except KeyboardInterrupt:
        print("\npebbletrail: stopped. What was run and marked stays, and the same command goes on from there.",
              file=sys.stderr)
        return 130
    print(graded.text)
    return 1 if graded.waiting else 0


def _fill(given):
    from pebbletrail.grading.fill import fill

    print(fill(given.file, given.folder, given.grades, given.out, given.module).text)


def _marks(given):
    from pebbletrail.grading.take_marks import take_marks

    print(take_marks(given.file, given.folder, given.grades).text)
