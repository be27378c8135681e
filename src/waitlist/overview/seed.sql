WITH drawn AS (
  SELECT number,
         abs(hashint8extended(number, 1)) AS first, abs(hashint8extended(number, 2)) AS last,
         abs(hashint8extended(number, 3)) % 100 AS mailbox, abs(hashint8extended(number, 4)) % 100 AS role,
         abs(hashint8extended(number, 5)) % 100 AS state, abs(hashint8extended(number, 6)) AS domain,
         $4 - interval '730 days' + interval '729 days' * (number::double precision / $3) AS joined
  FROM generate_series($1, $2) AS number
), names AS (
  SELECT string_to_array('ana,maría,josé,camila,diego,catalina,felipe,javiera,matías,constanza,sebastián,fernanda,nicolás,valentina,ignacio,francisca,rodrigo,carolina,cristóbal,daniela,tomás,paula,andrés,isidora,pablo,antonia,vicente,sofía,benjamín,martina,gabriel,trinidad,joaquín,emilia,hernán,rayén,lautaro,millaray,bastián,josefa', ',')
         AS firsts,
         string_to_array('gonzalez,munoz,rojas,diaz,perez,soto,contreras,silva,martinez,sepulveda,morales,rodriguez,lopez,fuentes,hernandez,torres,araya,flores,espinoza,valenzuela,castillo,tapia,reyes,gutierrez,castro,pizarro,alvarez,vasquez,sanchez,fernandez,ramirez,carrasco,gomez,cortes,herrera,nunez,jara,vergara,rivera,figueroa,riquelme,garcia,miranda,bravo,vera,molina,vega,campos,sandoval,orellana,cardenas,olivares,alarcon,gallardo,ortiz,garrido,salazar,guzman,henriquez,saavedra,navarro,aguilera,parra,romero,aravena,vargas,vidal,escobar', ',') AS lasts,
         string_to_array('hotmail.com,outlook.com,yahoo.com,live.cl,icloud.com,uchile.cl,uc.cl,udd.cl,usach.cl,udec.cl,uach.cl,uandes.cl,utalca.cl,ucn.cl,pucv.cl,usm.cl,unab.cl,ufro.cl,uta.cl,ulagos.cl,conicyt.cl,ciencia.cl,biotec.cl,genomica.cl,laboratorio.cl,vacunas.cl,bioinsumos.cl,agrobio.cl,salmones.cl,algas.cl,proteinas.cl,celulas.cl,farmaco.cl,clinica.cl,hospital.cl,instituto.cl,fundacion.cl,vtr.net,protonmail.com', ',') AS domains
), people AS (
  SELECT drawn.*,
         translate(firsts[1 + first % cardinality(firsts)], 'áéíóúñ', 'aeioun') || '.'
           || lasts[1 + last % cardinality(lasts)] || number || '@'
           || CASE WHEN mailbox < 40 THEN 'gmail.com' ELSE domains[1 + domain % cardinality(domains)] END AS email
  FROM drawn CROSS JOIN names
)
INSERT INTO waitlist (email, role, created_at, locale, asked_at, confirmed_at, invited_at, signed_up_at, bounced_at,
                      left_at, source)
SELECT email, CASE WHEN role < 85 THEN 'employee' ELSE 'organization' END, joined,
       CASE WHEN mailbox % 10 = 0 THEN 'en' ELSE 'es' END, joined,
       CASE WHEN state BETWEEN 20 AND 96 THEN joined + interval '2 hours' END,
       CASE WHEN state BETWEEN 80 AND 96 THEN joined + interval '9 hours' END,
       CASE WHEN state BETWEEN 90 AND 96 THEN joined + interval '20 hours' END,
       CASE WHEN state = 97 THEN joined + interval '1 hour' END,
       CASE WHEN state > 97 THEN joined + interval '3 hours' END,
       CASE WHEN number % 10000 = 7 THEN 'feria-biotec' WHEN mailbox % 5 = 0 THEN 'newsletter'
            WHEN mailbox % 5 = 1 THEN 'linkedin.com' END
FROM people ORDER BY number
ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING
