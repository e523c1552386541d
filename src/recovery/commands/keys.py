"""`recovery keys`: who may open the live page."""

import sys

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say


@click.group()
@home_options
def command() -> None:
    """Keys of the live page: add one, invite a browser, list them, revoke one.

    \b
    Example:
      recovery keys invite --role person --person client1
      recovery keys add --role app --person me --note "phone"
      recovery keys list
      recovery keys revoke 1a2b3c4d
    """


ROLE = click.option(
    "--role", type=click.Choice(["owner", "therapist", "person", "app", "calendar"]), required=True, help="What for."
)
PEOPLE = click.option("--person", "people", multiple=True, metavar="NAME", help="Whose data; me is the owner's own.")
NOTE = click.option("--note", default="", metavar="TEXT", help='To know it again, as "Anna\'s phone".')


@command.command("add")
@ROLE
@PEOPLE
@NOTE
@home_options
@click.pass_obj
def add(call: Call, /, role: str, people: tuple[str, ...], note: str) -> None:
    """Make a key for a program, as an export app on the phone, and show it once.

    \b
    Example:
      recovery keys add --role app --person me --note "phone"
    """
    from recovery.home import keys
    from recovery.vocabulary.roles import Role

    settings = call.settings()
    _must_be_known(settings.subjects, people)
    key, secret = keys.make(settings.home, keys.KEY, Role(role), people, note)
    echo(say("The key {key_id}, which is shown this once:", key_id=key.id))
    echo(secret)
    echo(say("It travels in a header: Authorization: Bearer KEY"))
    if role == "app":
        echo(say("The app posts to /deliver of the address that recovery serve tells."))
    elif role == "calendar":
        echo(say("The calendar asks for /reminders.ics of that address, with any name and this key as the password."))


@command.command("invite")
@ROLE
@PEOPLE
@NOTE
@home_options
@click.pass_obj
def invite(call: Call, /, role: str, people: tuple[str, ...], note: str) -> None:
    """Make a code with which one browser comes in, once, within ten minutes.

    \b
    Example:
      recovery keys invite --role person --person client1 --note "Anna's phone"
    """
    from recovery.home import keys
    from recovery.home.entry import entry_link
    from recovery.home.served import addresses
    from recovery.vocabulary.roles import Role

    if role in ("app", "calendar"):
        raise click.UsageError(
            say("An app or a calendar needs a key: recovery keys add --role {role} --person NAME", role=role)
        )
    settings = call.settings()
    _must_be_known(settings.subjects, people)
    _, code = keys.make(settings.home, keys.CODE, Role(role), people, note, keys.CODE_LASTS)
    echo(say("Open this within ten minutes; it is good for one browser, which then stays known for half a year:"))
    links = [entry_link(address, code) for address in addresses(settings.home) or ["http://127.0.0.1:8765"]]
    for link in links:
        echo(f"  {link}")
    if len(links) > 1 and sys.stdout.isatty():  # the last is that of the network or of a name
        import segno

        echo(say("Or point the camera of the phone at this:"))
        segno.make(links[-1], error="l", micro=False).terminal(compact=True)


@command.command("list")
@home_options
@click.pass_obj
def list_keys(call: Call, /) -> None:
    """List keys, open invitations and browsers, with what they are for and when they were last used.

    \b
    Example:
      recovery keys list
    """
    from recovery.home import keys

    found = keys.known(call.settings().home)
    if not found:
        echo(say("There are no keys yet."))
    for key in found:
        people = ", ".join(key.people) or say("everybody")
        used = say("last used {day}", day=key.used) if key.used else say("not used yet")
        until = say(", until {day:%Y-%m-%d}", day=key.until) if key.until else ""
        echo(f"{key.id}  {key.kind:<8} {key.role:<10} {people}  {used}{until}  {key.note}".rstrip())


@command.command("revoke")
@click.argument("key_id")
@home_options
@click.pass_obj
def revoke(call: Call, /, key_id: str) -> None:
    """Take a key or a browser away by its number in `recovery keys list`; it opens nothing from now on.

    \b
    Example:
      recovery keys revoke 1a2b3c4d
    """
    from recovery.home import keys

    key = keys.revoke(call.settings().home, key_id)
    echo(say("Revoked: {key_id} ({role}). It opens nothing any more.", key_id=key.id, role=key.role))


def _must_be_known(subjects: tuple[str, ...], people: tuple[str, ...]) -> None:
    for person in people:
        if person not in subjects:
            raise click.UsageError(
                say("{person} is nobody in recovery.toml; known: {names}.", person=person, names=", ".join(subjects))
            )
