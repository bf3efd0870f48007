from kupang_hr import install


def execute() -> None:
	install.let_import()
