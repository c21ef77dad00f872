"""What made-up customers are called and where they live: real words, no real person."""

GIVEN = (
    "Ana", "José Luis", "María Fernanda", "Juan Carlos", "Zoé", "Héctor", "Iñaki", "Begoña",
    "Raúl", "Sofía", "Óscar", "Édgar", "Ángel", "Lucía", "Martín", "Noemí", "Valeria", "Guadalupe",
    "Íñigo", "Ximena", "Andrés", "Mónica", "Joaquín", "Verónica", "Ramón", "Belén", "Efraín",
    "Rocío", "Adrián", "Inés", "Tomás", "Araceli", "César", "Jesús", "Rubén", "Elena", "Patricia",
    "Gabriela", "Miguel Ángel", "Leticia", "Fernando", "Alejandra", "Eduardo", "Silvia", "Roberto",
    "Teresa", "María de los Ángeles", "Carlos Eduardo", "Rosa Elena", "Marisol", "Saúl", "Ulises",
)  # fmt: skip
SURNAMES = (
    "García", "Hernández", "Martínez", "López", "González", "Pérez", "Rodríguez", "Sánchez",
    "Ramírez", "Cruz", "Flores", "Gómez", "Morales", "Vázquez", "Jiménez", "Reyes", "Díaz",
    "Torres", "Gutiérrez", "Ruiz", "Mendoza", "Aguilar", "Ortiz", "Castillo", "Moreno", "Romero",
    "Álvarez", "Méndez", "Chávez", "Rivera", "Juárez", "Ramos", "Domínguez", "Herrera", "Medina",
    "Castro", "Vargas", "Guzmán", "Velázquez", "Rojas", "Muñoz", "Núñez", "Peña", "Ibáñez",
    "Zúñiga", "Yáñez", "Ordóñez", "Villaseñor", "Treviño", "Güemes", "Cázares", "Ríos", "Ávila",
    "Argüello", "De la O", "De la Peña", "Montaño", "Cedeño", "Bolaños", "Quiñones", "Saldaña",
    "Castañeda", "Íñiguez",
)  # fmt: skip
TRADES = (
    "Comercializadora", "Distribuidora", "Ferretería", "Papelería", "Farmacia", "Panadería",
    "Tortillería", "Refaccionaria", "Constructora", "Despacho", "Clínica", "Transportes",
    "Maquiladora", "Servicios Contables", "Abarrotes", "Consultoría", "Inmobiliaria", "Imprenta",
    "Lavandería", "Carpintería", "Llantera", "Agrícola", "Textiles", "Importadora", "Logística",
)  # fmt: skip
ENDINGS = (
    "e Hijos", "Hermanos", "y Asociados", "del Norte", "del Bajío", "de Occidente", "del Golfo",
    "MX", "de Anáhuac", "La Unión", "El Águila", "San José", "Santa Fe", "del Pacífico",
)  # fmt: skip
STREETS = (
    "Av. Juárez", "Av. Hidalgo", "Calle Morelos", "Av. Benito Juárez", "Calle 5 de Mayo",
    "Av. Revolución", "Calle Zaragoza", "Av. Niños Héroes", "Calle Allende", "Av. Constitución",
    "Calle Aldama", "Av. Universidad", "Privada Los Álamos", "Blvd. Independencia", "Av. Núñez",
)  # fmt: skip

# (state, municipality, area code, ((neighbourhood, postal code), …))
PLACES = (
    ("Ciudad de México", "Cuauhtémoc", "55",
     (("Juárez", "06600"), ("Roma Norte", "06700"), ("Centro", "06000"))),
    ("Ciudad de México", "Benito Juárez", "55",
     (("Del Valle Centro", "03100"), ("Narvarte Poniente", "03020"))),
    ("Ciudad de México", "Álvaro Obregón", "55", (("San Ángel", "01000"),)),
    ("Ciudad de México", "Coyoacán", "55", (("Del Carmen", "04100"),)),
    ("Ciudad de México", "Miguel Hidalgo", "55", (("Polanco V Sección", "11560"),)),
    ("Jalisco", "Guadalajara", "33", (("Guadalajara Centro", "44100"), ("Americana", "44160"))),
    ("Jalisco", "Zapopan", "33", (("Ciudad del Sol", "45050"),)),
    ("Nuevo León", "Monterrey", "81", (("Centro", "64000"), ("Obispado", "64060"))),
    ("Nuevo León", "San Pedro Garza García", "81", (("Del Valle", "66220"),)),
    ("Querétaro", "Querétaro", "442", (("Centro", "76000"),)),
    ("Puebla", "Puebla", "222", (("Centro", "72000"),)),
    ("Yucatán", "Mérida", "999", (("Mérida Centro", "97000"), ("García Ginerés", "97070"))),
    ("Aguascalientes", "Aguascalientes", "449", (("Zona Centro", "20000"),)),
    ("Oaxaca", "Oaxaca de Juárez", "951", (("Centro", "68000"),)),
    ("Baja California", "Tijuana", "664", (("Zona Centro", "22000"),)),
    ("Chihuahua", "Juárez", "656", (("Centro", "32000"),)),
    ("Chihuahua", "Chihuahua", "614", (("Centro", "31000"),)),
    ("Guanajuato", "León", "477", (("Centro", "37000"),)),
    ("Sinaloa", "Culiacán", "667", (("Centro", "80000"),)),
    ("México", "Toluca", "722", (("Centro", "50000"),)),
    ("San Luis Potosí", "San Luis Potosí", "444", (("Centro", "78000"),)),
    ("Chiapas", "Tuxtla Gutiérrez", "961", (("Centro", "29000"),)),
    ("Sonora", "Hermosillo", "662", (("Centro", "83000"),)),
    ("Coahuila de Zaragoza", "Saltillo", "844", (("Zona Centro", "25000"),)),
    ("Coahuila de Zaragoza", "Torreón", "871", (("Torreón Centro", "27000"),)),
    ("Veracruz", "Veracruz", "229", (("Veracruz Centro", "91700"),)),
    ("Michoacán de Ocampo", "Morelia", "443", (("Centro", "58000"),)),
    ("Morelos", "Cuernavaca", "777", (("Centro", "62000"),)),
    ("Hidalgo", "Pachuca de Soto", "771", (("Centro", "42000"),)),
    ("Durango", "Durango", "618", (("Zona Centro", "34000"),)),
    ("Colima", "Colima", "312", (("Centro", "28000"),)),
    ("Tabasco", "Centro", "993", (("Centro", "86000"),)),
    ("Quintana Roo", "Benito Juárez", "998", (("Cancún Centro", "77500"),)),
)  # fmt: skip

# Domains that nobody owns: a demonstration can mail no one.
MAIL_DOMAINS = (
    "example.com",
    "example.net",
    "example.org",
    "correo.example.com",
    "mail.example.net",
)

# SAT's inconvenient words: a person's RFC that would begin so ends its letters with X.
INCONVENIENT = frozenset({
    "BUEI", "BUEY", "CACA", "CACO", "CAGA", "CAGO", "CAKA", "CAKO", "COGE", "COJA", "COJE", "COJI",
    "COJO", "CULO", "FETO", "GUEY", "JOTO", "KACA", "KACO", "KAGA", "KAGO", "KAKA", "KOGE", "KOJO",
    "KULO", "MAME", "MAMO", "MEAR", "MEAS", "MEON", "MION", "MOCO", "MULA", "PEDA", "PEDO", "PENE",
    "PUTA", "PUTO", "QULO", "RATA", "RUIN",
})  # fmt: skip

# (régimen, its usos), for companies and for people (domain.md, "Mexican fields")
Regime = tuple[str, tuple[str, ...]]
COMPANY_REGIMES: tuple[Regime, ...] = (
    *(("601", ("G03", "G03", "G01", "I04", "S01")),) * 8,
    ("603", ("G03", "S01")),
    ("626", ("G03",)),
)
PERSON_REGIMES: tuple[Regime, ...] = (
    *(("612", ("G03", "G03", "G01", "I04", "S01")),) * 4,
    *(("626", ("G03", "S01")),) * 3,
    *(("605", ("S01", "S01", "D01", "D10")),) * 2,
    ("606", ("G03", "S01")),
    ("625", ("G03",)),
)

# product: (versions, seats)
MANY = (1, 1, 1, 1, 2, 2, 5, 10, 20)
PRODUCTS = {
    "SAE": (("7.0", "8.0", "9.0", "10.0"), MANY),
    "COI": (("9.0", "10.0", "11.0"), MANY),
    "NOI": (("9.0", "10.0", "11.0"), MANY),
    "CAJA": (("4.0", "5.0"), MANY),
    "BANCO": (("5.0", "6.0"), MANY),
    "PROD": (("4.0", "5.0"), MANY),
    "FACTURE": (("5.0", "6.0"), (1,)),
    "ADM": (("1.0",), (1,)),
}
