@IP-63
Feature: Bookings of every declared kind are handled

  Scenario Outline: <scope>
    Given the partner declares the scope "<scope>"
    When a booking of the kind "<scope>" is made
    Then whoever is to have access has it, at the right doors for the right time
    And nobody else has
    And messages go to whom "<scope>" means them to

    Examples:
      | scope               |
      | multi_room          |
      | group               |
      | common_door         |
      | agency              |
      | suppressed_messages |
