"""What the invented people are put together from: names, places and jobs as they are in Kupang.

Given and family names of Timor, Rote, Sabu, Flores, Alor and Sumba are drawn independently of each other.
"""

from dataclasses import dataclass

MALE, FEMALE = "Male", "Female"

GIVEN_NAMES = {
	MALE: (
		"Yohanes Marthen Yakobus Petrus Paulus Markus Lukas Matheus Simon Andreas Stefanus Daniel Samuel Yusuf"
		" Musa Gabriel Mikhael Rafael Antonius Fransiskus Ignasius Dominikus Benediktus Agustinus Aloysius"
		" Kristian Melkianus Melkisedek Yeremias Obed Nikson Jefri Jemi Deni Roni Rudolf Welem Hendrik Frengki"
		" Dominggus Bernadus Soleman Nikodemus Absalom Ferdinan Alfred Oktovianus Yanuarius Gregorius Umbu Anselmus"
		" Tobias Filmon Adrianus Semuel Charles"
	).split(),
	FEMALE: (
		"Maria Marta Yuliana Yohana Agustina Kristina Margaretha Elisabeth Ester Debora Rut Sarlota Yublina"
		" Adolfina Wilhelmina Dorkas Martha Theresia Fransiska Veronika Bernadeta Skolastika Getrudis Imelda"
		" Yasinta Rosalia Selfina Orpa Naomi Merlin Novita Melani Desi Yanti Yuni Fitriani Ida Nelci Marselina"
		" Paulina Katarina Angela Ferderika Hermina Antonia Dominika Emiliana Sofia Regina Ludgardis Rambu Welmince"
		" Jeni Ance Serly Apliana"
	).split(),
}
FAMILY_NAMES = (
	"Nenobais Nubatonis Taneo Tefa Banunaek Benu Boimau Faot Fallo Kase Lakapu Leobisa Mella Missa Nabuasa"
	" Naitboho Neolaka Neonbasu Nope Oematan Sabuna Selan Tamonob Tanesib Toto Tefnai Liu Snae Bees Kolo"
	" Bere Seran Bria Berek Klau Nahak Fahik Luan Mau Asa"
	" Adoe Amalo Bessie Dethan Fanggidae Foeh Haning Henukh Ledoh Lenggu Malelak Manafe Messakh Mooy Ndun"
	" Ndolu Nalle Pah Pandie Saudale Sina Sinlae Suek Tulle Ballo Modok Balukh Nggili Killa Thine"
	" Bire Djami Gah Haba Hege Kana Kore Lado Lay Lede Lomi Ludji Mone Radja Raga Riwu Rihi Tallo Wadu Wila"
	" Goa Kelen Lamen Liwu Meo Ngaji Pareira Radho Sare Soge Wea Woda Wangge Hurint Ola Tukan Koten Lawe Bali"
	" Alelang Laufa Mautuka Malaikosa Djaha Maure Bili Ngongo Malo Lende Rangga Dapa"
).split()

# Place of birth, first four digits of the NIK that is issued there, and how often it is found in the city.
BIRTH_PLACES = (
	("Kupang", "5371", 62),
	("Soe", "5302", 7),
	("Kefamenanu", "5303", 5),
	("Atambua", "5304", 5),
	("Baa", "5314", 5),
	("Seba", "5320", 4),
	("Kalabahi", "5305", 4),
	("Ende", "5308", 2),
	("Maumere", "5307", 2),
	("Larantuka", "5306", 1),
	("Bajawa", "5309", 1),
	("Ruteng", "5310", 1),
	("Waingapu", "5311", 1),
)
KUPANG_REGION = "5371"

# Education by kind of job, with how often it is found.
LEVELS = {
	"labour": {"SD": 12, "SMP": 26, "SMA/SMK": 62},
	"school": {"SMA/SMK": 90, "D3": 3, "S1": 7},
	"office": {"SMA/SMK": 54, "D3": 10, "S1": 35, "S2": 1},
	"health": {"D3": 72, "D4": 8, "S1": 12, "Profesi": 8},
	"graduate": {"S1": 96, "S2": 4},
	"doctor": {"Profesi": 1},
}

# Fields of study by subject: of the school, and of all that comes after it.
FIELDS = {
	"office": (
		("IPS", "IPA", "Administrasi Perkantoran", "Akuntansi", "Bahasa"),
		(
			"Administrasi Negara",
			"Manajemen",
			"Hukum",
			"Akuntansi",
			"Ilmu Pemerintahan",
			"Ekonomi Pembangunan",
		),
	),
	"computing": (
		("Teknik Komputer dan Jaringan", "Rekayasa Perangkat Lunak"),
		("Teknik Informatika", "Sistem Informasi", "Ilmu Komputer"),
	),
	"works": (
		("Teknik Bangunan", "Teknik Listrik", "Teknik Otomotif"),
		("Teknik Sipil", "Arsitektur", "Teknik Elektro", "Teknik Lingkungan"),
	),
	"order": (
		("IPS", "IPA", "Teknik Otomotif", "Teknik Listrik"),
		("Hukum", "Ilmu Pemerintahan", "Ilmu Politik"),
	),
	"nursing": (("Keperawatan",), ("Keperawatan",)),
	"midwifery": (("Keperawatan",), ("Kebidanan",)),
	"health": (
		("Farmasi",),
		("Kesehatan Masyarakat", "Kesehatan Lingkungan", "Gizi", "Farmasi", "Analis Kesehatan"),
	),
	"medicine": ((), ("Kedokteran Umum", "Kedokteran Gigi")),
	"teaching": (
		("IPS",),
		(
			"Pendidikan Guru SD",
			"Pendidikan Bahasa Inggris",
			"Pendidikan Matematika",
			"Pendidikan Jasmani",
			"PAUD",
		),
	),
	"social": (
		("IPS", "Pekerjaan Sosial"),
		("Sosiologi", "Kesejahteraan Sosial", "Psikologi", "Ilmu Komunikasi"),
	),
	"nature": (
		("Agribisnis", "Perikanan", "IPA"),
		("Agroteknologi", "Peternakan", "Budidaya Perairan", "Agribisnis"),
	),
	"trade": (("Pemasaran", "Perhotelan", "Akuntansi"), ("Manajemen", "Pariwisata", "Ekonomi Pembangunan")),
}


@dataclass(frozen=True)
class Job:
	"""A position, how often it is found in an OPD, its job group, and the education that goes with it."""

	share: int
	position: str
	levels: str = "office"
	subject: str = "office"
	group: str = "Technical"


OFFICE_JOBS = (
	Job(46, "Tenaga Administrasi"),
	Job(12, "Operator Komputer", subject="computing"),
	Job(8, "Pengelola Keuangan"),
	Job(8, "Pramu Kantor", "labour"),
	Job(8, "Pengemudi", "school", "order"),
	Job(9, "Petugas Keamanan", "school", "order"),
	Job(9, "Petugas Kebersihan", "labour"),
)
HEALTH_CENTRE_JOBS = (
	Job(30, "Perawat", "health", "nursing", "Health"),
	Job(20, "Bidan", "health", "midwifery", "Health"),
	Job(14, "Tenaga Kesehatan Masyarakat", "health", "health", "Health"),
	Job(4, "Dokter", "doctor", "medicine", "Doctor"),
	Job(18, "Tenaga Administrasi"),
	Job(8, "Petugas Kebersihan", "labour"),
	Job(6, "Pengemudi Ambulans", "school", "order"),
)

# By OPD; puskesmas and kecamatan by the first word of their names; every other OPD has the office jobs.
JOBS = {
	"BPBD": (*OFFICE_JOBS[:3], Job(70, "Anggota Tim Reaksi Cepat", "school", "order")),
	"DAMKAR": (*OFFICE_JOBS[:2], Job(190, "Petugas Pemadam Kebakaran", "school", "order")),
	"SATPOLPP": (*OFFICE_JOBS[:2], Job(180, "Anggota Bantuan Polisi Pamong Praja", "school", "order")),
	"DLHK": (
		Job(10, "Tenaga Administrasi"),
		Job(45, "Petugas Kebersihan", "labour"),
		Job(25, "Petugas Angkutan Sampah", "labour"),
		Job(10, "Pengemudi Truk Sampah", "school", "order"),
		Job(10, "Petugas Pertamanan", "labour", "nature"),
	),
	"DISHUB": (
		*OFFICE_JOBS[:2],
		Job(60, "Juru Parkir", "school", "order"),
		Job(40, "Petugas Terminal", "school", "order"),
	),
	"PUPR": (*OFFICE_JOBS[:3], Job(60, "Tenaga Teknis Lapangan", subject="works")),
	"PRKP": (*OFFICE_JOBS[:3], Job(50, "Tenaga Teknis Lapangan", subject="works")),
	"DISDIKBUD": (
		Job(24, "Guru", "graduate", "teaching", "Teacher"),
		Job(44, "Tenaga Administrasi Sekolah"),
		Job(16, "Penjaga Sekolah", "labour"),
		Job(16, "Operator Data Sekolah", subject="computing"),
	),
	"DINKES": (*OFFICE_JOBS, Job(25, "Tenaga Kesehatan Masyarakat", "health", "health", "Health")),
	"RSUD": (
		Job(32, "Perawat", "health", "nursing", "Health"),
		Job(12, "Bidan", "health", "midwifery", "Health"),
		Job(8, "Tenaga Farmasi dan Laboratorium", "health", "health", "Health"),
		Job(3, "Dokter", "doctor", "medicine", "Doctor"),
		Job(25, "Tenaga Administrasi"),
		Job(20, "Petugas Kebersihan", "labour"),
	),
	"DINSOS": (*OFFICE_JOBS[:3], Job(40, "Pendamping Sosial", subject="social")),
	"DP3A": (*OFFICE_JOBS[:3], Job(40, "Pendamping Perempuan dan Anak", subject="social")),
	"DISTAN": (*OFFICE_JOBS[:3], Job(40, "Tenaga Penyuluh Lapangan", subject="nature")),
	"DISKAN": (*OFFICE_JOBS[:3], Job(40, "Tenaga Penyuluh Lapangan", subject="nature")),
	"DISPERINDAG": (*OFFICE_JOBS[:3], Job(40, "Petugas Pasar", "school", "trade")),
	"DISPAR": (*OFFICE_JOBS[:3], Job(40, "Petugas Informasi Wisata", subject="trade")),
	"PKM": HEALTH_CENTRE_JOBS,
}
